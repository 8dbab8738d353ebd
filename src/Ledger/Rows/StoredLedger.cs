using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>A ledger whose rows stand in an SQL database; each database says how it reads, writes, admits and engages.</summary>
/// <remarks>What a call means is written once, here and in the rows and works beside it.</remarks>
public abstract partial class StoredLedger : ILedger, IAsyncDisposable
{
    private protected StoredLedger(TimeProvider time) => Time = time;

    /// <inheritdoc/>
    public abstract GateView Gate { get; }

    /// <inheritdoc/>
    public abstract bool RemembersOrders { get; }

    /// <inheritdoc/>
    public abstract long LastRemembered { get; }

    private protected TimeProvider Time { get; }

    /// <summary>Where to look for active orders.</summary>
    private protected abstract IActiveOrders Active { get; }

    /// <inheritdoc/>
    public abstract ValueTask<LedgerHealth> HealthAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract RememberedOrder? Recall(OrderId order);

    /// <inheritdoc/>
    public abstract ImmutableArray<UserId> RememberedUsers(StrategyId? strategy);

    /// <inheritdoc/>
    public Task<MirrorReading?> MirrorAsync(MirrorMark? since, CancellationToken cancellationToken) =>
        ReadAsync(session => MirrorRows.Read(session, since), cancellationToken);

    /// <inheritdoc/>
    public abstract Task<EngageAnswer> ReplayAsync(SpooledStop stop, string? note, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task<OrderEventPage> OrderEventsAsync(OrderEventQuery query, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task<OrderCountPage> OrderCountsAsync(long after, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task OrderEventsAfterAsync(long after, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task<bool> PruneOrderEventsAsync(DateTimeOffset before, long most, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    private protected abstract ValueTask<AdmitAnswer> Admit(NewOrder order, CancellationToken cancellationToken);

    /// <summary>Reads what is found by an index in one step.</summary>
    private protected abstract ValueTask<T> ReadOne<T>(Func<LedgerSession, T> read);

    /// <summary>Reads a list, in a snapshot of its own.</summary>
    private protected abstract Task<T> ReadAsync<T>(Func<LedgerSession, T> read, CancellationToken cancellationToken);

    /// <summary>Writes; what draws a number or looks at the gate in it does so beside admissions.</summary>
    private protected abstract Task<T> Normal<T>(LedgerJob<T> job, CancellationToken cancellationToken);

    /// <summary>Writes at the head of the queue, where it may change the gate.</summary>
    private protected abstract Task<T> Urgent<T>(LedgerJob<T> job, CancellationToken cancellationToken);

    /// <summary>As <see cref="Urgent{T}(LedgerJob{T}, CancellationToken)"/>, on the caller's thread where the writer rests.</summary>
    private protected abstract Task<T> AtOnce<T>(LedgerJob<T> job, CancellationToken cancellationToken);

    private protected Task<T> Normal<T>(Func<LedgerTransaction, T> work, CancellationToken cancellationToken) =>
        Normal(new WholeJob<T>(work), cancellationToken);

    private protected static Task<T> Wait<T>(Task<T> answer, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? answer.WaitAsync(cancellationToken) : answer;

    /// <summary>Users with an order of unclear fate, by id.</summary>
    private protected abstract ImmutableArray<UserId> Unclear(LedgerSession session, long upTo, UserId? after, int limit);

    private static T Checked<T>(T limit, T most, string name)
        where T : IComparable<T> =>
        limit.CompareTo(default) > 0 && limit.CompareTo(most) <= 0
            ? limit
            : throw new ArgumentOutOfRangeException(name, limit, $"The limit is 1 to {most}.");

    private Task<T> Urgent<T>(Func<LedgerTransaction, T> work, CancellationToken cancellationToken) =>
        Urgent(new WholeJob<T>(work), cancellationToken);

    private Task<T> AtOnce<T>(Func<LedgerTransaction, T> work, CancellationToken cancellationToken) =>
        AtOnce(new WholeJob<T>(work), cancellationToken);
}
