using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using Orleans;

namespace EmergencyStop.Stopping;

/// <summary>Somebody asks for a stop: everything the gate needs, checked.</summary>
/// <param name="Target">What to stop.</param>
/// <param name="Options">What to do beside closing the gate.</param>
/// <param name="ReasonCode">Why, as a code.</param>
/// <param name="Reason">Why, in words; at most 500 characters, may be empty.</param>
/// <param name="RequestedBy">Who asks.</param>
/// <param name="RequestedAt">When the press arrived (UTC): the start of the five clocks.</param>
/// <param name="IdempotencyKey">The caller's key, or <c>null</c>. Law 6: the same key gives the same stop.</param>
/// <param name="BodyHash">With a key: a hash of route and body, so that another body under the same key is refused.</param>
[GenerateSerializer, Immutable, Alias("emergency-stop-request")]
public sealed record EmergencyStopRequest(
    [property: Id(0)] StopTarget Target,
    [property: Id(1)] StopOptions Options,
    [property: Id(2)] EmergencyStopReason ReasonCode,
    [property: Id(3)] string Reason,
    [property: Id(4)] Caller RequestedBy,
    [property: Id(5)] DateTimeOffset RequestedAt,
    [property: Id(6)] string? IdempotencyKey = null,
    [property: Id(7)] string? BodyHash = null)
{
    /// <summary>Longest reason, in characters.</summary>
    public const int LongestReason = 500;

    /// <summary>What is carved out from the start; a risk officer only.</summary>
    [Id(8)]
    public ImmutableArray<StopTarget> Except { get; init; } = [];
}
