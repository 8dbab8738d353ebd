using System.Text.Json;
using System.Text.Json.Serialization;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Venues.Strategies;

/// <summary>A notice as it is sent.</summary>
/// <param name="Id">The same for each repeat.</param>
/// <param name="Event"><c>strategy.paused</c> or <c>strategy.resumed</c>.</param>
/// <param name="StrategyId">To whom.</param>
/// <param name="StopId">The stop behind it.</param>
/// <param name="Target">Within what.</param>
/// <param name="ReasonCode">Why, as a code.</param>
/// <param name="At">When that was decided, ISO 8601 in UTC.</param>
internal sealed record CallbackBody(string Id, string Event, string StrategyId, string StopId, string Target, string ReasonCode, DateTime At)
{
    public static CallbackBody Of(StrategyNotice notice) => new(
        notice.Id,
        notice.Kind == NoticeKind.Paused ? "strategy.paused" : "strategy.resumed",
        notice.Strategy.Value,
        notice.Stop.Value,
        notice.Target.Value,
        JsonNamingPolicy.SnakeCaseUpper.ConvertName(notice.ReasonCode.ToString()),
        notice.At.UtcDateTime);
}

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CallbackBody))]
internal sealed partial class CallbackJson : JsonSerializerContext;
