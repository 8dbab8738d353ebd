using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>The id up to which every change of an order can be read.</summary>
/// <remarks>
/// Ids are drawn by transactions that commit in another order. Each holds the gate lock or the writer's while it draws one, until
/// it can be read. So an id is safe once everybody who held one of them when it had been drawn has let go: none can bring a lower
/// one then, and a follower who goes on from it misses nothing. Other databases of the server are not waited for.
/// </remarks>
internal sealed class EventHorizon
{
    private const string LastDrawn = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM order_events_id_seq";

    private static readonly string UnderWay = string.Create(
        Values.Invariant,
        $"SELECT virtualtransaction FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = {Locks.Ledger} AND objid IN ({Locks.Gate}, {Locks.Writer}) AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

    private const int MostLooks = 100;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly CommitBell _bell = new();
    private long _safe;
    private long _candidate;
    private HashSet<string> _awaited = [];

    /// <summary>The last safe id.</summary>
    public long Safe
    {
        get
        {
            lock (_lock)
            {
                return _safe;
            }
        }
    }

    /// <summary>Done once there may be a change after this id.</summary>
    public Task After(long after) => _bell.After(after);

    /// <summary>Looks how far it is now.</summary>
    /// <returns>The last id that has been drawn; it may not be safe yet.</returns>
    public long Look(PostgreSqlSession session)
    {
        // Two statements: who holds a lock is asked after the last id is read.
        using var rows = session.Together([new(LastDrawn), new(UnderWay)]);
        _ = rows.Read();
        var last = rows.GetInt64(0);
        _ = rows.NextResult();
        var underWay = new HashSet<string>(StringComparer.Ordinal);
        while (rows.Read())
        {
            underWay.Add(rows.GetString(0));
        }

        Move(last, underWay);
        return last;
    }

    /// <summary>Looks until what was under way at first has ended, or long enough.</summary>
    /// <returns>The last safe id.</returns>
    public long Settle(PostgreSqlSession session)
    {
        var last = Look(session);
        var pause = new Signal();
        for (var looks = 0; Safe < last && looks < MostLooks; looks++)
        {
            pause.Wait(BetweenLooks);
            _ = Look(session);
        }

        return Safe;
    }

    /// <summary>Another ledger answers, whose ids may be lower.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            (_safe, _candidate, _awaited) = (0, 0, []);
        }
    }

    /// <summary>Takes in what was looked up.</summary>
    /// <param name="last">The last id drawn.</param>
    /// <param name="underWay">The transactions that may have drawn one, as of after that.</param>
    internal void Move(long last, HashSet<string> underWay)
    {
        long before, safe;
        lock (_lock)
        {
            before = _safe;
            if (_candidate > _safe && !_awaited.Overlaps(underWay))
            {
                _safe = _candidate;
            }

            if (underWay.Count == 0)
            {
                _safe = Math.Max(_safe, last);
            }
            else if (_candidate <= _safe)
            {
                (_candidate, _awaited) = (last, underWay);
            }

            safe = _safe;
        }

        if (safe > before)
        {
            _bell.Ring(safe);
        }
    }
}
