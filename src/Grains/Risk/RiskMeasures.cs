using System.Diagnostics;
using System.Diagnostics.Metrics;
using EmergencyStop.Risk;
using EmergencyStop.Telemetry;

namespace EmergencyStop.Grains.Risk;

/// <summary>What is measured about risk rules and dead-man's switches.</summary>
internal static class RiskMeasures
{
    private static readonly Counter<long> Breaches = ServiceTelemetry.Meter.CreateCounter<long>(
        "emergency_stop.risk.breaches", "{breach}", "Risk rules broken, by kind and what it led to: warn, stop, shadow.");

    private static readonly Counter<long> Failures = ServiceTelemetry.Meter.CreateCounter<long>(
        "emergency_stop.risk.failures", "{failure}", "Risk rules that threw while they were judged, by kind; the other rules went on.");

    private static readonly Counter<long> Unreadable = ServiceTelemetry.Meter.CreateCounter<long>(
        "emergency_stop.risk.unreadable", "{look}", "Looks at a watched account that could not read its figures.");

    private static readonly Counter<long> Missed = ServiceTelemetry.Meter.CreateCounter<long>(
        "emergency_stop.risk.heartbeats_missed", "{heartbeat}", "Dead-man's switches that have fired, by scope.");

    public static void Broken(RiskRule rule) => Breaches.Add(1, new TagList
    {
        { "kind", Kind(rule) },
        { "led_to", rule.Shadow ? "shadow" : rule.Action == RiskAction.Stop ? "stop" : "warn" },
    });

    public static void Failed(RiskRule rule) => Failures.Add(1, new KeyValuePair<string, object?>("kind", Kind(rule)));

    public static void CouldNotRead() => Unreadable.Add(1);

    public static void HeartbeatMissed(Heartbeat heartbeat) =>
        Missed.Add(1, new KeyValuePair<string, object?>("scope", ServiceTelemetry.ScopeOf(heartbeat.Terms.Target)));

    private static string Kind(RiskRule rule) => rule.Kind switch
    {
        RiskRuleKind.Drawdown => "drawdown",
        RiskRuleKind.DailyLoss => "daily_loss",
        RiskRuleKind.OrderRate => "order_rate",
        RiskRuleKind.RejectRate => "reject_rate",
        _ => "stale_figures",
    };
}
