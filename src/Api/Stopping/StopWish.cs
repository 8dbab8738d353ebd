using System.Collections.Immutable;
using EmergencyStop.Api.Wire;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Stopping;

/// <summary>How a stop is to be done, checked; what it is aimed at stands beside.</summary>
/// <param name="Options">What to do beside closing the gate.</param>
/// <param name="ReasonCode">Why, as a code.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Wait">How long to wait for the result.</param>
internal sealed record StopWish(StopOptions Options, EmergencyStopReason ReasonCode, string Reason, TimeSpan Wait)
{
    /// <summary>Parts of the target that trade on.</summary>
    public ImmutableArray<StopTarget> Except { get; init; } = [];

    /// <summary>Checks a body. Pure.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="waitMs"><c>wait_ms</c> of the query, which wins over the body's.</param>
    /// <param name="defaults">The options of this call where the body is silent.</param>
    /// <param name="needsReason">Whether the reason may be left out.</param>
    /// <param name="defaultWaitMs">The wait where nobody says.</param>
    /// <param name="errors">What is wrong.</param>
    public static StopWish Read(StopBody body, int? waitMs, StopOptions defaults, bool needsReason, int defaultWaitMs, FieldErrors errors)
    {
        var cancelOnly = body.CancelOnly ?? defaults.CancelOnly;
        var options = new StopOptions(
            body.CancelOrders ?? defaults.CancelOrders,
            body.PauseStrategies ?? (defaults.PauseStrategies && !cancelOnly),
            body.ClosePositions ?? (defaults.ClosePositions && !cancelOnly),
            body.KeepProtective ?? defaults.KeepProtective,
            cancelOnly);
        if (options.Contradiction is { } contradiction)
        {
            errors.Add(contradiction.Field, contradiction.Why);
        }

        var wait = waitMs ?? body.WaitMs ?? defaultWaitMs;
        errors.AddIf(wait is < 0 or > ApiOptions.MostWaitMs, "wait_ms", $"wait_ms must be from 0 to {ApiOptions.MostWaitMs}.");
        return new(
            options,
            body.ReasonCode ?? EmergencyStopReason.UserInitiated,
            ReasonText.Read(body.Reason, needsReason, errors),
            TimeSpan.FromMilliseconds(wait));
    }
}
