using EmergencyStop.Ids;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Pairs of strategy and user that stand in the file, so that an admission need not write them again.</summary>
internal sealed class KnownStrategies
{
    private const int Most = 1_000_000;
    private readonly HashSet<(StrategyId, UserId)> _known = [];
    private readonly List<(StrategyId, UserId)> _fresh = [];

    /// <summary>The transaction that wrote them is committed.</summary>
    public void Keep() => _fresh.Clear();

    /// <summary>What was written since the last commit may be gone.</summary>
    public void Forget()
    {
        _known.ExceptWith(_fresh);
        _fresh.Clear();
    }

    /// <summary>Registers the strategy of an order, and remembers for whom it trades.</summary>
    public void Know(LedgerTransaction transaction, StrategyId strategy, UserId user, DateTimeOffset at)
    {
        if (Contains(strategy, user))
        {
            return;
        }

        var session = transaction.Session;
        var fresh = session.Sql("INSERT INTO strategies (id, user_id, registered_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
            .Bind(strategy.Value).Bind(user.Value).Bind(Values.Micros(at)).Run() == 1;
        if (fresh)
        {
            StrategyRows.AuditRegistration(transaction, strategy, user, user.Value, "order", at);
        }

        session.Sql("INSERT INTO strategy_users (user_id, strategy_id) VALUES (?, ?) ON CONFLICT DO NOTHING").Bind(user.Value).Bind(strategy.Value).Run();
        Add(strategy, user);
    }

    private bool Contains(StrategyId strategy, UserId user) => _known.Contains((strategy, user));

    private void Add(StrategyId strategy, UserId user)
    {
        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        if (_known.Add((strategy, user)))
        {
            _fresh.Add((strategy, user));
        }
    }
}
