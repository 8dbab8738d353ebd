using System.Collections.Concurrent;
using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Access;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Releasing;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using EmergencyStop.Venues;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>As much of a ledger as the API reads, for its rows to be set by hand; everything that belongs to the grains throws.</summary>
internal sealed partial class MemoryLedger : ILedger
{
    public ConcurrentDictionary<string, ApiKey> KeysByHash { get; } = new();

    public ConcurrentDictionary<(string KeyId, string Key), RememberedAnswer> Answers { get; } = new();

    public ConcurrentQueue<AuditEntry> AuditEntries { get; } = new();

    public ConcurrentDictionary<OrderId, Order> Orders { get; } = new();

    public ConcurrentDictionary<StopId, Stop> Stops { get; } = new();

    public ConcurrentDictionary<StopId, ImmutableArray<ItemOutcome>> Outcomes { get; } = new();

    public ConcurrentDictionary<StrategyId, Strategy> Strategies { get; } = new();

    public ImmutableArray<AttributedPosition> Positions { get; set; } = [];

    public StopCounts Counts { get; set; } = new(0, 0, 0, 0);

    public LedgerHealth Health { get; set; } = new("memory", true, null);

    public GateView Gate { get; set; } = new(1, [], []);

    /// <summary>Set: every read and write fails as a lost database would.</summary>
    public bool Down { get; set; }

    /// <summary>Set: reads work, writes fail, as with a full disk.</summary>
    public bool ReadOnly { get; set; }

    public int KeyLookups { get; private set; }

    public ValueTask<LedgerHealth> HealthAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Health);

    public Task AddKeyAsync(ApiKey key, string hash, CancellationToken cancellationToken)
    {
        KeysByHash[hash] = key;
        return Task.CompletedTask;
    }

    public ValueTask<ApiKey?> FindKeyAsync(string hash, CancellationToken cancellationToken)
    {
        Check();
        KeyLookups++;
        return ValueTask.FromResult(KeysByHash.GetValueOrDefault(hash));
    }

    public Task<ImmutableArray<ApiKey>> KeysAsync(CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<ApiKey>>([.. KeysByHash.Values]);

    public Task<bool> RevokeKeyAsync(string id, string by, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (hash, key) = KeysByHash.First(p => p.Value.Id == id);
        KeysByHash[hash] = key with { RevokedAt = at };
        return Task.FromResult(true);
    }

    public ValueTask<RememberedAnswer?> FindAnswerAsync(string keyId, string idempotencyKey, CancellationToken cancellationToken)
    {
        Check();
        return ValueTask.FromResult(Answers.GetValueOrDefault((keyId, idempotencyKey)));
    }

    public Task RememberAnswerAsync(string keyId, string idempotencyKey, RememberedAnswer answer, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Check(write: true);
        Answers.TryAdd((keyId, idempotencyKey), answer);
        return Task.CompletedTask;
    }

    public Task AppendAuditAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        Check(write: true);
        AuditEntries.Enqueue(entry);
        return Task.CompletedTask;
    }

    public ValueTask<Order?> FindOrderAsync(OrderId order, CancellationToken cancellationToken)
    {
        Check();
        return ValueTask.FromResult(Orders.GetValueOrDefault(order));
    }

    public Task<Page<Order>> OrdersAsync(OrderQuery query, CancellationToken cancellationToken)
    {
        Check();
        var before = query.Cursor is null ? long.MaxValue
            : long.TryParse(query.Cursor, out var number) ? number : throw new ArgumentException("No cursor.", nameof(query));
        var rows = Orders.Values
            .Where(o => query.User is null || o.Terms.User == query.User)
            .Where(o => query.Strategy is null || o.Terms.Strategy == query.Strategy)
            .Where(o => query.Symbol is null || o.Terms.Symbol == query.Symbol)
            .Where(o => !query.ActiveOnly || o.State.IsActive())
            .Where(o => o.Number < before)
            .OrderByDescending(o => o.Number)
            .ToList();
        var page = rows.Take(query.Limit).ToImmutableArray();
        return Task.FromResult(new Page<Order>(page, rows.Count > page.Length ? page[^1].Number.ToString() : null));
    }

    public Task<ImmutableArray<AttributedPosition>> PositionsAsync(UserId? user, StrategyId? strategy, Symbol? symbol, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<AttributedPosition>>([.. Positions.Where(p =>
            (user is null || p.User == user) && (strategy is null || p.Strategy == strategy) && (symbol is null || p.Symbol == symbol))]);

    public ValueTask<Stop?> FindStopAsync(StopId stop, CancellationToken cancellationToken)
    {
        Check();
        return ValueTask.FromResult(Stops.GetValueOrDefault(stop));
    }

    public Task<ImmutableArray<ItemOutcome>> OutcomesAsync(StopId stop, CancellationToken cancellationToken) =>
        Task.FromResult(Outcomes.GetValueOrDefault(stop, []));

    public Task<Page<StopSummary>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(new Page<StopSummary>(
            [.. Stops.Values.Where(s => query.User is null || s.Target.User == query.User)
                .OrderByDescending(s => s.Number).Take(query.Limit).Select(s => new StopSummary(s, s.Target.User, 1, 2, 3))],
            null));

    public Task<ImmutableArray<UnmetFigures>> UnmetFiguresAsync(CancellationToken cancellationToken) => Task.FromResult<ImmutableArray<UnmetFigures>>([]);

    public Task<StopCounts> CountsAsync(CancellationToken cancellationToken) => Task.FromResult(Counts);

    public Task<Strategy?> RegisterAsync(
        StrategyId strategy, UserId user, string? name, string? callbackUrl, bool mayChangeOwner, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (Strategies.TryGetValue(strategy, out var standing) && standing.User != user && !mayChangeOwner)
        {
            return Task.FromResult<Strategy?>(null);
        }

        var row = new Strategy(strategy, user, name, callbackUrl, standing?.RegisteredAt ?? at, standing?.Pauses ?? []);
        Strategies[strategy] = row;
        return Task.FromResult<Strategy?>(row);
    }

    public ValueTask<Strategy?> FindStrategyAsync(StrategyId strategy, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Strategies.GetValueOrDefault(strategy));

    public Task<Page<Strategy>> StrategiesAsync(UserId? user, string? cursor, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(new Page<Strategy>([.. Strategies.Values.Where(s => user is null || s.User == user).Take(limit)], null));

    private void Check(bool write = false)
    {
        if (Down || (write && ReadOnly))
        {
            throw new LedgerUnavailableException("The test has taken it down.");
        }
    }

    private static NotSupportedException GrainsOnly() => new("The API does not call this.");

    // What only grains and the stop system call.
    public ValueTask<AdmitAnswer> AdmitAsync(NewOrder order, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<Order>> RecordAsync(ImmutableArray<OrderEvidence> evidence, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<Order>> RecordSweepAsync(
        StopId stop, ImmutableArray<OrderEvidence> evidence, ImmutableArray<ItemOutcome> outcomes, CancellationToken cancellationToken) => throw GrainsOnly();

    public ValueTask<Order?> FindOrderAsync(UserId user, ClientOrderId clientOrderId, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<Order>> ActiveOrdersAsync(UserId user, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<Order>> OwedAsync(Stop stop, bool includeProtective, int? partition, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<Order>> EndedMeanwhileAsync(Stop stop, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<UserId>> UsersWithActiveOrdersAsync(UserId? after, int limit, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<UserId>> UsersWithUnclearOrdersAsync(long upTo, UserId? after, int limit, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ClosingAnswer> InsertClosingAsync(NewOrder order, StopId stop, int attempt, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<Order?> LastClosingAsync(AccountId account, Symbol symbol, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<Order>> ClosingsAsync(StopId stop, AccountId account, Symbol symbol, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<UserId>> KnownUsersAsync(CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<Order?> AdoptAsync(StopId stop, UserId user, StrategyId? strategy, VenueOrderReport report, DateTimeOffset at, CancellationToken cancellationToken) => throw GrainsOnly();

    public bool RemembersOrders => true;

    public long LastRemembered => throw GrainsOnly();

    public RememberedOrder? Recall(OrderId order) => throw GrainsOnly();

    public ImmutableArray<UserId> RememberedUsers(StrategyId? strategy) => throw GrainsOnly();

    public Task<MirrorReading?> MirrorAsync(MirrorMark? since, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<EngageAnswer> ReplayAsync(SpooledStop stop, string? note, CancellationToken cancellationToken) => throw GrainsOnly();

    public ValueTask<EngageAnswer> EngageAsync(StopId id, EmergencyStopRequest request, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<Stop>> UnfinishedStopsAsync(CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<Stop>> HoldingStopsAsync(UserId? over, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<Order>> UnmetOrdersAsync(StopId stop, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<Stop>> StopsOnAsync(StopTarget target, int limit, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task RecordOutcomesAsync(StopId stop, ImmutableArray<ItemOutcome> outcomes, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<Stop> ProgressAsync(
        StopId stop, StopState state, StopClocks clocks, ImmutableArray<string> unprotected, DateTimeOffset at, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<string>> UnprotectedAsync(StopId stop, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<Order>> InferredAsync(DateTimeOffset since, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ReleaseAnswer> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<Strategy>> StrategiesInAsync(StopTarget target, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<ItemOutcome>> PauseAsync(
        Stop stop, ImmutableArray<StrategyId> strategies, DateTimeOffset started, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ResumeAnswer> ResumeAsync(StrategyId strategy, Caller by, string reason, DateTimeOffset at, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<ChainedAuditEntry>> AuditAsync(long after, int limit, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<AuditVerdict> VerifyAuditAsync(CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<Page<Obligation>> ObligationsAsync(ObligationQuery query, AccountId? account, DateTimeOffset at, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<WaiveAnswer> WaiveAsync(WaiveRequest request, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ReleaseAnswer> NarrowAsync(ReleaseRequest request, ImmutableDictionary<AccountId, UserId> users, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ExceptAnswer> ExceptAsync(ExceptRequest request, ImmutableDictionary<AccountId, UserId> users, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ExceptAnswer> PutBackAsync(ExceptRequest request, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<EscalateAnswer> EscalateAsync(EscalateRequest request, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<Stop> EndPassAsync(Stop read, PassEnd end, CancellationToken cancellationToken) => throw GrainsOnly();
}
