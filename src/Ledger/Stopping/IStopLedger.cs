using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Stopping;

/// <summary>The stops' rows, their latches and outcomes.</summary>
public interface IStopLedger
{
    /// <summary>Engages: takes the gate lock exclusively, draws a number, inserts the stop, its latch and its audit entry.</summary>
    /// <remarks>
    /// At the head of the queue: it waits for at most the commit under way. The same caller and idempotency key give the
    /// standing stop; a keyless repeat by the same caller, target and options within <see cref="RepeatWindow"/> does too,
    /// while that one is not released. A stop id that is there already gives its stop: replaying is harmless.
    /// </remarks>
    ValueTask<EngageAnswer> EngageAsync(StopId id, EmergencyStopRequest request, CancellationToken cancellationToken);

    /// <summary>One stop.</summary>
    ValueTask<Stop?> FindStopAsync(StopId stop, CancellationToken cancellationToken);

    /// <summary>Every stop that holds a latch, by number.</summary>
    /// <param name="over">Only those that hold something of this user's: latches on the user, or on no user in particular; <c>null</c> for all.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    Task<ImmutableArray<Stop>> HoldingStopsAsync(UserId? over, CancellationToken cancellationToken);

    /// <summary>Its outcomes, one per item.</summary>
    Task<ImmutableArray<ItemOutcome>> OutcomesAsync(StopId stop, CancellationToken cancellationToken);

    /// <summary>Every stop that is not completed, released or not, by number.</summary>
    Task<ImmutableArray<Stop>> UnfinishedStopsAsync(CancellationToken cancellationToken);

    /// <summary>The last stops on one target, newest first.</summary>
    Task<ImmutableArray<Stop>> StopsOnAsync(StopTarget target, int limit, CancellationToken cancellationToken);

    /// <summary>A page of the history, newest first, with the counts that its rows show.</summary>
    Task<Page<StopSummary>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken);

    /// <summary>The figures of <c>/status</c>.</summary>
    Task<StopCounts> CountsAsync(CancellationToken cancellationToken);

    /// <summary>How many obligations of all stops are unmet, and since when, by kind and outcome; for whoever watches.</summary>
    Task<ImmutableArray<UnmetFigures>> UnmetFiguresAsync(CancellationToken cancellationToken);

    /// <summary>Upserts outcomes that come without order evidence; the rule and the audit entry are those of a sweep.</summary>
    Task RecordOutcomesAsync(StopId stop, ImmutableArray<ItemOutcome> outcomes, CancellationToken cancellationToken);

    /// <summary>Writes what the flow has come to: state, clocks (a clock once set is kept), unprotected positions, with an audit entry when the state changes.</summary>
    /// <remarks>
    /// <c>Completed</c> is refused, and <c>Outstanding</c> written instead, while an outcome is unmet or an order is owed.
    /// </remarks>
    /// <returns>The stop after it.</returns>
    Task<Stop> ProgressAsync(
        StopId stop, StopState state, StopClocks clocks, ImmutableArray<string> unprotected, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Positions (<c>account/symbol</c>, not zero) for which this stop has cancelled a protective order: nothing guards them now.</summary>
    Task<ImmutableArray<string>> UnprotectedAsync(StopId stop, CancellationToken cancellationToken);

    /// <summary>Orders whose <c>NeverSent</c> was inferred since <paramref name="since"/>, whether or not a stop owed them: they stay watched (24 h).</summary>
    /// <remarks>When evidence shows such an order at the venue after all, the ledger reopens its obligation: the outcome becomes <c>Unknown</c>, a completed stop <c>Outstanding</c>, with an audit entry, in the commit that records the evidence.</remarks>
    Task<ImmutableArray<Order>> InferredAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Releases one stop's latch: takes the gate lock exclusively, checks that nothing is owed, draws a number.</summary>
    /// <remarks>Authority is checked by the caller of this method, everything else here in the transaction.</remarks>
    Task<ReleaseAnswer> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken);

    /// <summary>Within this time a keyless repeat is the same stop.</summary>
    static TimeSpan RepeatWindow { get; } = TimeSpan.FromSeconds(10);
}

/// <summary>The answer to an engage.</summary>
public abstract record EngageAnswer
{
    private EngageAnswer()
    {
    }

    /// <summary>The gate is closed by a new stop, or was passed by a <c>cancel_only</c> one.</summary>
    public sealed record Engaged(Stop Stop) : EngageAnswer;

    /// <summary>This stop stood already.</summary>
    public sealed record Repeated(Stop Stop) : EngageAnswer;

    /// <summary>The caller has used this idempotency key for something else.</summary>
    public sealed record KeyReused(Stop Stop) : EngageAnswer;
}

/// <summary>Which stops to list.</summary>
/// <param name="User">Only those of this user's book: USER, USER/SYMBOL, and STRATEGY of a strategy the user owns.</param>
/// <param name="Cursor">From the last page, or <c>null</c>.</param>
/// <param name="Limit">1 to 500 rows; default 50.</param>
public sealed record HistoryQuery(UserId? User, string? Cursor, int Limit = 50);

/// <summary>A stop with the counts of its outcomes.</summary>
/// <param name="Stop">The stop.</param>
/// <param name="User">Whose book it was; <c>null</c> for SYMBOL and SYSTEM.</param>
/// <param name="OrdersCancelled">Cancelled and never-sent orders.</param>
/// <param name="StrategiesPaused">Paused strategies.</param>
/// <param name="PositionsClosed">Closed positions.</param>
public sealed record StopSummary(Stop Stop, UserId? User, int OrdersCancelled, int StrategiesPaused, int PositionsClosed);

/// <summary>Unmet obligations of one kind and outcome.</summary>
/// <param name="Kind">What is owed.</param>
/// <param name="Outcome"><c>Unknown</c> or <c>Failed</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="Since">The earliest press among their stops (UTC).</param>
public sealed record UnmetFigures(ObligationKind Kind, OutcomeKind Outcome, long Count, DateTimeOffset Since);

/// <summary>The figures of <c>/status</c>.</summary>
/// <param name="Total">Stops ever engaged.</param>
/// <param name="Completed">Those that are completed.</param>
/// <param name="Working">Those whose flow is under way.</param>
/// <param name="Outstanding">Those with unmet obligations.</param>
public sealed record StopCounts(long Total, long Completed, long Working, long Outstanding);
