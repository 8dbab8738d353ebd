using System.Collections.Immutable;
using EmergencyStop.Ids;
using Orleans;

namespace EmergencyStop.Stopping;

/// <summary>What a stop has come to so far. Every count is derived from the outcomes, one per item (F10).</summary>
/// <param name="Success">True only for <c>completed</c>.</param>
/// <param name="State">How far it is.</param>
/// <param name="Message">The same in a sentence.</param>
/// <param name="StopId">The stop.</param>
/// <param name="OrdersCancelled">Orders confirmed as cancelled, or never sent.</param>
/// <param name="StrategiesPaused">Strategies paused.</param>
/// <param name="PositionsClosed">Positions closed.</param>
/// <param name="ExecutionTimeMs">From the press to the last state, in milliseconds.</param>
/// <param name="GateClosedMs">From the press to the closed gate, in milliseconds.</param>
/// <param name="Outstanding">What is unmet.</param>
/// <param name="Errors">The same in sentences, at most 100.</param>
/// <param name="UnprotectedPositions">Positions left without their protective order.</param>
/// <param name="Recorded">Whether the ledger has it; if not, it is recorded once the ledger returns.</param>
/// <param name="Gate">What is proven of its hold on the gate.</param>
/// <param name="Warnings">What the stop cannot guarantee, in sentences.</param>
[GenerateSerializer, Immutable, Alias("emergency-stop-result")]
public sealed record EmergencyStopResult(
    [property: Id(0)] bool Success,
    [property: Id(1)] StopState State,
    [property: Id(2)] string Message,
    [property: Id(3)] StopId StopId,
    [property: Id(4)] int OrdersCancelled,
    [property: Id(5)] int StrategiesPaused,
    [property: Id(6)] int PositionsClosed,
    [property: Id(7)] double ExecutionTimeMs,
    [property: Id(8)] double GateClosedMs,
    [property: Id(9)] ImmutableArray<ItemOutcome> Outstanding,
    [property: Id(10)] ImmutableArray<string> Errors,
    [property: Id(11)] ImmutableArray<string> UnprotectedPositions,
    [property: Id(12)] bool Recorded = true,
    [property: Id(13)] GateHold Gate = GateHold.Closed,
    [property: Id(14)] ImmutableArray<string> Warnings = default)
{
    private const int MostErrors = 100;

    /// <summary>What it holds closed now; empty once released, and for <c>cancel_only</c>.</summary>
    [Id(15)]
    public ImmutableArray<StopTarget> LatchedTargets { get; init; } = [];

    /// <summary>Builds the result from the ledger's rows.</summary>
    /// <param name="stop">The stop.</param>
    /// <param name="outcomes">Its outcomes, one per item.</param>
    /// <param name="now">The time (UTC), for a stop that still works.</param>
    /// <param name="warnings">What it cannot guarantee; see <see cref="IStopWarnings"/>.</param>
    public static EmergencyStopResult From(
        Stop stop, IReadOnlyCollection<ItemOutcome> outcomes, DateTimeOffset now, ImmutableArray<string> warnings = default)
    {
        var unmet = outcomes.Where(o => !o.Outcome.IsMet())
            .Select(o => stop.NextTry is { } next && !(o.NextTry > next) ? o with { NextTry = next } : o).ToImmutableArray();
        var cancelled = Count(outcomes, o => o.Outcome is OutcomeKind.Cancelled or OutcomeKind.NeverSent);
        var paused = Count(outcomes, o => o.Outcome is OutcomeKind.Paused);
        var closed = Count(outcomes, o => o.Outcome is OutcomeKind.Closed);
        var end = stop.State == StopState.Working ? now : stop.FinishedAt ?? now;
        return new(
            stop.State == StopState.Completed,
            stop.State,
            Sentence(stop, cancelled, paused, closed, unmet.Length),
            stop.Id,
            cancelled,
            paused,
            closed,
            Math.Round((end - stop.Request.RequestedAt).TotalMilliseconds, 3),
            Math.Round((stop.Clocks.GateClosed ?? TimeSpan.Zero).TotalMilliseconds, 3),
            unmet,
            [.. unmet.Take(MostErrors).Select(Sentence)],
            stop.UnprotectedPositions,
            Gate: stop.HoldsLatch ? GateHold.Closed : GateHold.Open,
            Warnings: warnings.IsDefault ? [] : warnings)
        {
            LatchedTargets = stop.LatchedTargets,
        };
    }

    private static int Count(IReadOnlyCollection<ItemOutcome> outcomes, Func<ItemOutcome, bool> which) => outcomes.Count(which);

    private static string Sentence(Stop stop, int cancelled, int paused, int closed, int unmet)
    {
        var gate = stop switch
        {
            { Options.CancelOnly: true } => "the gate stays open",
            { Release: null, Narrowed: { } narrowed } => narrowed.Holds.IsEmpty ? "the gate is open" : $"the gate is closed for {Named(narrowed.Holds)} only",
            _ when stop.CarveOuts.Any(c => c.IsInForce) => $"the gate is closed except for {Named([.. stop.CarveOuts.Where(c => c.IsInForce).Select(c => c.Target)])}",
            _ => "the gate is closed",
        };
        var done = $"{cancelled} orders cancelled, {paused} strategies paused, {closed} positions closed";
        return stop.State switch
        {
            StopState.Working => $"{stop.Target}: {gate}; still working: {done}.",
            StopState.Completed => $"{stop.Target}: {gate}; {done}.",
            _ => $"{stop.Target}: {gate}; {done}; {unmet} outstanding, tried again until met.",
        };
    }

    private static string Named(ImmutableArray<StopTarget> targets)
    {
        const int most = 10;
        var more = targets.Length > most ? $" and {targets.Length - most} more" : string.Empty;
        return string.Join(", ", targets.Take(most).Select(t => t.Value)) + more;
    }

    private static string Sentence(ItemOutcome o)
    {
        var outcome = o.Outcome == OutcomeKind.Failed ? "failed" : "unknown";
        return $"{o.Kind.ToString().ToLowerInvariant()} {o.Item}: {outcome} at {o.Phase ?? "an unnamed phase"}: {o.Reason ?? "no reason given"}";
    }
}

/// <summary>What a stop would touch, without touching it.</summary>
/// <param name="Target">The target.</param>
/// <param name="Orders">Active orders that would be cancelled.</param>
/// <param name="Users">Users whose orders they are.</param>
/// <param name="Strategies">Strategies that would be paused.</param>
/// <param name="Positions">Positions in scope that would be closed, or left standing: <c>account/symbol</c>.</param>
/// <param name="UnprotectedPositions">Positions that would lose their protective order.</param>
/// <param name="Latches">Latches that already hold on the target.</param>
/// <param name="Sentences">The same for people.</param>
[GenerateSerializer, Immutable, Alias("stop-preview")]
public sealed record StopPreview(
    [property: Id(0)] StopTarget Target,
    [property: Id(1)] int Orders,
    [property: Id(2)] int Users,
    [property: Id(3)] ImmutableArray<StrategyId> Strategies,
    [property: Id(4)] ImmutableArray<string> Positions,
    [property: Id(5)] ImmutableArray<string> UnprotectedPositions,
    [property: Id(6)] ImmutableArray<Latch> Latches,
    [property: Id(7)] ImmutableArray<string> Sentences);
