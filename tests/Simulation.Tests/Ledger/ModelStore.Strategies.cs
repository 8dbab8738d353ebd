using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Strategies, and for whom they trade.</content>
public sealed partial class ModelStore
{
    private readonly SortedDictionary<string, Strategy> _strategies = new(StringComparer.Ordinal); // Without their pauses.
    private readonly HashSet<(StrategyId Strategy, UserId User)> _traders = [];
    private readonly List<(StrategyId Strategy, UserId User)> _tradersInOrder = [];

    /// <summary>Every strategy with its pauses, by id.</summary>
    public ImmutableArray<Strategy> Strategies => [.. _strategies.Values.Select(WithPauses)];

    /// <summary>One strategy.</summary>
    public Strategy? FindStrategy(StrategyId strategy) => _strategies.TryGetValue(strategy.Value, out var found) ? WithPauses(found) : null;

    /// <summary>Registers a strategy or changes it; <c>null</c> when it belongs to another user.</summary>
    public Strategy? Register(StrategyId strategy, UserId user, string? name, string? callbackUrl, bool mayChangeOwner, DateTimeOffset at)
    {
        var standing = FindStrategy(strategy);
        if (standing is not null && standing.User != user && !mayChangeOwner)
        {
            return null;
        }

        var next = (standing ?? new(strategy, user, null, null, Values.Stored(at), [])) with { User = user, Name = name, CallbackUrl = callbackUrl };
        _strategies[strategy.Value] = next with { Pauses = [] };
        if (standing?.User != user)
        {
            AuditRegistration(strategy, user, "registration", at);
        }

        return next;
    }

    /// <summary>Counts the strategy's secret up by one.</summary>
    public Strategy? RotateSecret(StrategyId strategy, string by, DateTimeOffset at)
    {
        if (!_strategies.TryGetValue(strategy.Value, out var found))
        {
            return null;
        }

        var next = found with { SecretGeneration = found.SecretGeneration + 1 };
        _strategies[strategy.Value] = next;
        AppendAudit(new(at, by, "strategy.secret_rotated", strategy.Value, AuditDetails.Of(("generation", next.SecretGeneration))));
        return WithPauses(next);
    }

    /// <summary>A page of strategies by id.</summary>
    public Page<Strategy> StrategiesPage(UserId? user, string after, int limit)
    {
        var rows = _strategies.Values.Where(s => string.CompareOrdinal(s.Id.Value, after) > 0 && (user is null || s.User == user)).Take(limit + 1).ToList();
        return rows.Count > limit
            ? new([.. rows.Take(limit).Select(WithPauses)], Cursor.Of(rows[limit - 1].Id.Value))
            : new([.. rows.Select(WithPauses)], null);
    }

    /// <summary>The strategies that a stop on this target pauses.</summary>
    public ImmutableArray<Strategy> StrategiesIn(StopTarget target)
    {
        if (target.Symbol is not null)
        {
            var trading = new HashSet<string>(ActiveOrders(target).Select(o => o.Terms.Strategy)
                .Concat(Positions(target.User, null, target.Symbol).Select(p => p.Strategy)).OfType<StrategyId>().Select(s => s.Value), StringComparer.Ordinal);
            return [.. _strategies.Values.Where(s => trading.Contains(s.Id.Value)).Select(WithPauses)];
        }

        return target switch
        {
            { User: { } user } => [.. _strategies.Values.Where(s => s.User == user || _traders.Contains((s.Id, user))).Select(WithPauses)],
            { Strategy: { } strategy } => FindStrategy(strategy) is { } found ? [found] : [],
            _ => Strategies,
        };
    }

    /// <summary>Every user with a strategy, an order of a strategy, or a position; by id.</summary>
    public ImmutableArray<UserId> KnownUsers() => [.. Known([])];

    private IEnumerable<UserId> Known(IEnumerable<UserId> more) => _tradersInOrder.Select(t => t.User)
        .Concat(_strategies.Values.Select(s => s.User)).Concat(_positions.Keys.Select(p => p.User)).Concat(more)
        .Distinct().OrderBy(u => u.Value, StringComparer.Ordinal);

    private UserId? OwnerOf(StrategyId strategy) => _strategies.TryGetValue(strategy.Value, out var found) ? found.User : null;

    /// <summary>Its owner, and everybody for whom it has ever placed an order.</summary>
    private HashSet<UserId> UsersOf(Strategy strategy) => [strategy.User, .. _tradersInOrder.Where(t => t.Strategy == strategy.Id).Select(t => t.User)];

    /// <summary>Registers the strategy of an order, and remembers for whom it trades.</summary>
    private void Know(StrategyId strategy, UserId user, DateTimeOffset at)
    {
        if (!_traders.Add((strategy, user)))
        {
            return;
        }

        _tradersInOrder.Add((strategy, user));
        if (!_strategies.ContainsKey(strategy.Value))
        {
            _strategies.Add(strategy.Value, new(strategy, user, null, null, at, []));
            AuditRegistration(strategy, user, "order", at);
        }
    }

    private void AuditRegistration(StrategyId strategy, UserId owner, string through, DateTimeOffset at) => AppendAudit(new(
        at, owner.Value, "strategy.registered", strategy.Value, AuditDetails.Of(("owner", owner.Value), ("through", through))));

    private Strategy WithPauses(Strategy strategy) => strategy with { Pauses = PausesOf(strategy.Id) };
}
