using EmergencyStop.Ids;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Pairs of strategy and user that stand in the database, so that an admission need not look for them.</summary>
internal sealed class KnownPairs
{
    private const int Most = 1_000_000;
    private readonly HashSet<(StrategyId, UserId)> _known = [];

    public bool Contains(StrategyId strategy, UserId user) => _known.Contains((strategy, user));

    public void Add(StrategyId strategy, UserId user)
    {
        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        _known.Add((strategy, user));
    }

    /// <summary>Another server may answer from now on.</summary>
    public void Clear() => _known.Clear();
}
