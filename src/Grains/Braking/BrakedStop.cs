using System.Globalization;
using EmergencyStop.Braking;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Braking;

/// <summary>One stop that the ledger has not got, as this process holds it.</summary>
internal sealed class BrakedStop(SpooledStop spooled, Stop stop, BrakeRun run, CancellationTokenSource ending)
{
    /// <summary>What is recorded later.</summary>
    public SpooledStop Spooled => spooled;

    /// <summary>The stop as it stands meanwhile.</summary>
    public Stop Stop => stop;

    /// <summary>Its cancelling.</summary>
    public BrakeRun Run => run;

    /// <summary>Ends its cancelling.</summary>
    public CancellationTokenSource Ending => ending;

    /// <summary>Whether it is on the disk, so that a crash of this process does not lose it.</summary>
    public bool IsSpooled { get; set; }

    /// <summary>What it has come to so far.</summary>
    /// <param name="now">The time (UTC).</param>
    /// <param name="patience">How long after the press it is called working.</param>
    public UnrecordedStop Show(DateTimeOffset now, TimeSpan patience)
    {
        var working = !run.Settled.IsCompleted && now - stop.Request.RequestedAt < patience;
        var shown = stop with { State = working ? StopState.Working : StopState.Outstanding };
        var outcomes = run.Outcomes;
        var result = EmergencyStopResult.From(shown, outcomes, now);
        return new(shown, outcomes, result with
        {
            ExecutionTimeMs = Math.Round((now - stop.Request.RequestedAt).TotalMilliseconds, 3),
            Recorded = false,
            Gate = stop.HoldsLatch ? GateHold.Unproven : GateHold.Open,
            Message = Sentence(result),
            Errors = [WhyUnrecorded(), .. result.Errors],
        });
    }

    private string WhyUnrecorded() => IsSpooled
        ? "The ledger cannot be written: the stop is spooled on this machine's disk, and recorded when the ledger returns."
        : "Neither the ledger nor the spool can be written: the stop lives in this process's memory only, and is LOST IF THE PROCESS ENDS before the ledger returns. Keep the process running.";

    private string Sentence(EmergencyStopResult result)
    {
        var open = result.Outstanding.Count(o => o.Kind == ObligationKind.Order);
        var unread = result.Outstanding.Length - open;
        var gate = stop.Options.CancelOnly ? "the gate stays open" : "the gate is held by this process alone (unproven)";
        var seen = !stop.Options.CancelOrders ? "resting orders are left alone"
            : string.Create(CultureInfo.InvariantCulture, $"{result.OrdersCancelled} orders cancelled, {open} not confirmed yet")
                + (unread > 0 ? string.Create(CultureInfo.InvariantCulture, $", {unread} accounts not readable") : string.Empty);
        var rest = (stop.Options.PauseStrategies, stop.Options.ClosePositions) switch
        {
            (true, true) => "strategies are paused and positions closed once it is recorded",
            (true, false) => "strategies are paused once it is recorded",
            (false, true) => "positions are closed once it is recorded",
            _ => "nothing else was asked for",
        };
        return $"{stop.Target}: NOT RECORDED. {(IsSpooled ? "It is spooled" : "It is in memory only")}; {gate}, and nothing is admitted; {seen}; {rest}.";
    }
}
