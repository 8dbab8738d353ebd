using System.Diagnostics;
using EmergencyStop.Strategies;
using EmergencyStop.Telemetry;
using EmergencyStop.Venues.Strategies;

namespace EmergencyStop.Venues.Telemetry;

/// <summary>A strategy manager whose notices are measured; it changes nothing about them.</summary>
internal sealed class MeasuredStrategies(IStrategyManager manager) : IStrategyManager
{
    /// <inheritdoc/>
    public async ValueTask<NoticeAnswer> TellAsync(Strategy strategy, StrategyNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var operation = notice.Kind == NoticeKind.Paused ? "paused" : "resumed";
        var start = Stopwatch.GetTimestamp();
        using var span = VenueMeasures.Start($"strategy_{operation}")?.SetTag(ServiceTelemetry.StopIdKey, notice.Stop.Value);
        var answer = await manager.TellAsync(strategy, notice, cancellationToken);
        VenueMeasures.Told(span, operation, start, !answer.Told);
        return answer;
    }
}
