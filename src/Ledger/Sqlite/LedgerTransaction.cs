using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Gate;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>What the gate's row says, with the latches and pauses that belong to it.</summary>
internal readonly record struct GateState(long Number, long Version, long AuditSequence, string AuditHash, GateView View);

/// <summary>The one write transaction; its <c>BEGIN IMMEDIATE</c> is the gate lock. Used by the writer's thread only.</summary>
internal sealed class LedgerTransaction(SqliteSession session)
{
    private readonly KnownStrategies _known = new();
    private GateState? _committed;
    private GateState _read;
    private GateState _state;
    private GateState _saved;

    public SqliteSession Session => session;

    /// <summary>The latches and pauses that decide now, those made in this transaction included.</summary>
    public GateView View => _state.View;

    /// <summary>The last number drawn.</summary>
    public long Number => _state.Number;

    /// <summary>Strategies that need not be registered again.</summary>
    public KnownStrategies Known => _known;

    /// <summary>Takes the gate lock and reads the gate; its latches too, when another process has changed them.</summary>
    public void Begin()
    {
        session.Sql("BEGIN IMMEDIATE").Run();
        _read = GateRows.Read(session);
        var view = _committed is { } last && last.Version == _read.Version ? last.View : GateRows.View(session, _read.Number);
        _read = _read with { View = view };
        _state = _read;
    }

    /// <summary>Whether another process has changed the gate since the last commit; asked outside a transaction.</summary>
    public bool IsStale() => _committed is not { } last || GateRows.Read(session).Version != last.Version;

    /// <summary>Makes everything since <see cref="Begin"/> durable.</summary>
    /// <returns>The view to publish.</returns>
    public GateView Commit()
    {
        if (_state != _read)
        {
            GateRows.Write(session, _state);
        }

        session.Sql("COMMIT").Run();
        _state = _state with { View = _state.View.AsOf(_state.Number) };
        _committed = _state;
        _known.Keep();
        return _state.View;
    }

    /// <summary>Undoes everything, and forgets what was known of the gate: the next transaction reads it again.</summary>
    public void Abandon()
    {
        _committed = null;
        _known.Forget();
        if (session.InTransaction)
        {
            session.Sql("ROLLBACK").Run();
        }
    }

    public void Save()
    {
        session.Sql("SAVEPOINT job").Run();
        _saved = _state;
    }

    public void Keep() => session.Sql("RELEASE job").Run();

    public void GoBack()
    {
        session.Sql("ROLLBACK TO job").Run();
        Keep();
        _known.Forget();
        _state = _saved;
    }

    /// <summary>The next place in the one order of admissions, engages, releases, pauses and resumes.</summary>
    public long DrawNumber()
    {
        _state = _state with { Number = _state.Number + 1 };
        return _state.Number;
    }

    /// <summary>Latches or pauses have changed: every process must look at them again.</summary>
    public void ChangeView(GateView view) => _state = _state with { Version = _state.Version + 1, View = view };

    public void AppendAudit(AuditEntry entry)
    {
        var chained = AuditChain.Append(_state.AuditSequence, _state.AuditHash, entry with { At = Values.Stored(entry.At) });
        AuditRows.Insert(session, chained);
        _state = _state with { AuditSequence = chained.Sequence, AuditHash = chained.Hash };
    }
}

/// <summary>Pairs of strategy and user that stand in the file, so that an admission need not write them again.</summary>
internal sealed class KnownStrategies
{
    private const int Most = 1_000_000;
    private readonly HashSet<(StrategyId, UserId)> _known = [];
    private readonly List<(StrategyId, UserId)> _fresh = [];

    public bool Contains(StrategyId strategy, UserId user) => _known.Contains((strategy, user));

    public void Add(StrategyId strategy, UserId user)
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

    /// <summary>The transaction that wrote them is committed.</summary>
    public void Keep() => _fresh.Clear();

    /// <summary>What was written since the last commit may be gone.</summary>
    public void Forget()
    {
        _known.ExceptWith(_fresh);
        _fresh.Clear();
    }
}
