using System.Diagnostics;
using System.Diagnostics.Metrics;
using EmergencyStop.Stopping;
using EmergencyStop.Telemetry;

namespace EmergencyStop.Grains.Stopping;

/// <summary>What is measured about stops.</summary>
internal static class StopMeasures
{
    private const string Scope = "scope";

    private static readonly Counter<long> EngagedStops =
        ServiceTelemetry.Meter.CreateCounter<long>("emergency_stop.stops.engaged", "{stop}", "Stops engaged, by scope and reason code.");

    private static readonly Counter<long> EndedPasses =
        ServiceTelemetry.Meter.CreateCounter<long>("emergency_stop.stops.reached", "{stop}", "States that stops have come to (completed, outstanding), by scope.");

    private static readonly Counter<long> ReleasedStops =
        ServiceTelemetry.Meter.CreateCounter<long>("emergency_stop.stops.released", "{stop}", "Stops released, by scope.");

    private static readonly Counter<long> FailedPasses =
        ServiceTelemetry.Meter.CreateCounter<long>("emergency_stop.stops.failed_passes", "{pass}", "Passes of a stop that threw and are tried again.");

    private static readonly Histogram<double> Clock = ServiceTelemetry.Meter.CreateHistogram(
        "emergency_stop.stops.clock", "s", "From the press to: gate_closed, last_order_sent, last_cancel_sent, cancels_confirmed, flat.", tags: null, ServiceTelemetry.Seconds);

    /// <summary>A gate is closed.</summary>
    public static void Engaged(Stop stop)
    {
        EngagedStops.Add(1, new TagList { { Scope, ServiceTelemetry.ScopeOf(stop.Target) }, { "reason_code", stop.Request.ReasonCode.ToString() } });
        Show(stop, "gate_closed", before: null, stop.Clocks.GateClosed);
    }

    /// <summary>A pass has ended.</summary>
    public static void Passed(Stop before, Stop after)
    {
        var (then, now) = (before.Clocks, after.Clocks);
        Show(after, "last_order_sent", then.LastNewOrderSent, now.LastNewOrderSent);
        Show(after, "last_cancel_sent", then.LastCancelSent, now.LastCancelSent);
        Show(after, "cancels_confirmed", then.CancelsConfirmed, now.CancelsConfirmed);
        Show(after, "flat", then.Flat, now.Flat);
        if (after.State != before.State)
        {
            EndedPasses.Add(1, new TagList { { Scope, ServiceTelemetry.ScopeOf(after.Target) }, { "state", ServiceTelemetry.StateOf(after.State) } });
        }
    }

    /// <summary>A pass threw.</summary>
    public static void PassFailed() => FailedPasses.Add(1);

    /// <summary>A stop is lifted.</summary>
    public static void Released(Stop stop) => ReleasedStops.Add(1, new KeyValuePair<string, object?>(Scope, ServiceTelemetry.ScopeOf(stop.Target)));

    private static void Show(Stop stop, string clock, TimeSpan? before, TimeSpan? now)
    {
        if (before is null && now is { } ran)
        {
            Clock.Record(ran.TotalSeconds, new TagList { { Scope, ServiceTelemetry.ScopeOf(stop.Target) }, { "clock", clock } });
        }
    }
}
