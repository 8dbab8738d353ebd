using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>The one write transaction; its <c>BEGIN IMMEDIATE</c> is the gate lock. Used by the writer's thread only.</summary>
internal sealed class WriteTransaction(SqliteSession session, ActiveOrders active, CommitBells bells) : LedgerTransaction
{
    private readonly KnownStrategies _known = new();
    private readonly List<Order> _begun = [];
    private readonly List<Order> _ended = [];
    private readonly List<long> _clear = [];
    private readonly List<OrderChange> _changes = [];
    private int _savedChanges;
    private long _lastEvent;
    private long _savedEvent;
    private GateState? _committed;
    private GateState _read;
    private GateState _state;
    private GateState _saved;

    public override LedgerSession Session => session;

    /// <summary>The session itself.</summary>
    public SqliteSession Own => session;

    /// <summary>Where to look for active orders.</summary>
    public override IActiveOrders Active => active;

    /// <summary>The latches and pauses that decide now, those made in this transaction included.</summary>
    public override GateView View => _state.View;

    /// <summary>The last number drawn.</summary>
    public override long Number => _state.Number;

    /// <summary>Strategies that need not be registered again.</summary>
    public KnownStrategies Known => _known;

    /// <summary>Takes the gate lock and reads the gate; its latches too, when another process has changed them.</summary>
    /// <returns>False when another process holds the lock and <paramref name="mayWait"/> is false.</returns>
    public bool Begin(bool mayWait)
    {
        if (!session.TryBeginImmediate(mayWait))
        {
            return false;
        }

        _read = GateRows.Read(session);
        var view = _committed is { } last && last.Version == _read.Version ? last.View : GateRows.View(session, _read.Number);
        CatchUp();
        _read = _read with { View = view };
        _state = _read;
        return true;
    }

    /// <summary>Tells those who follow orders of a change, once this is committed.</summary>
    public override void Tell(OrderChange? change)
    {
        if (change is { } told)
        {
            _changes.Add(told);
        }
    }

    /// <inheritdoc/>
    public override void Publish(LedgerEvent happened) => _lastEvent = EventRows.Append(session, happened);

    /// <inheritdoc/>
    public override void Publish(LedgerEvent happened, Action<long> told)
    {
        Publish(happened);
        told(_lastEvent);
    }

    /// <summary>An order is active when this is committed.</summary>
    public override void HasBegun(Order order)
    {
        _ended.RemoveAll(o => o.Number == order.Number);
        if (active.Add(order))
        {
            _begun.Add(order);
        }
    }

    /// <summary>An order has ended when this is committed.</summary>
    public override void HasEnded(Order order) => _ended.Add(order);

    /// <summary>What became of an order is known once this is committed: it rests.</summary>
    public override void HasCleared(Order order) => _clear.Add(order.Number);

    /// <summary>An ended order is active again when this is committed: other processes must search for it.</summary>
    public override void HasReopened(Order order)
    {
        HasBegun(order);
        _state = _state with { Reopened = _state.Reopened + 1 };
        active.Trust(Number, _state.Reopened);
    }

    /// <summary>Whether another process has changed the gate since the last commit; asked outside a transaction.</summary>
    public bool IsStale() => _committed is not { } last || GateRows.Read(session).Version != last.Version;

    /// <summary>Makes everything since <see cref="Begin"/> durable.</summary>
    /// <param name="jobs">Pieces of work in it, to be measured; 0 for none.</param>
    /// <returns>The view to publish.</returns>
    public GateView Commit(int jobs = 0)
    {
        var start = LedgerMeasures.Start();
        if (_state != _read)
        {
            GateRows.Write(session, _state);
        }

        var lastChange = _changes.Count > 0 ? OrderEventRows.Append(session, _changes) : 0;
        session.Sql("COMMIT").Run();
        LedgerMeasures.Committed(jobs, start);
        _state = _state with { View = _state.View.AsOf(_state.Number) };
        _committed = _state;
        _begun.Clear();
        _ended.ForEach(active.Remove);
        _ended.Clear();
        active.Clear(_clear);
        _clear.Clear();
        _known.Keep();
        if (_changes.Count > 0)
        {
            _changes.Clear();
            bells.Orders.Ring(lastChange);
        }

        if (_lastEvent > 0)
        {
            bells.Events.Ring(_lastEvent);
            _lastEvent = 0;
        }

        return _state.View;
    }

    /// <summary>Undoes everything, and forgets what was known of the gate: the next transaction reads it again.</summary>
    public void Abandon()
    {
        _committed = null;
        _known.Forget();
        _begun.Clear(); // Whether they were committed may be unknown: they stay findable until memory is read anew.
        _ended.Clear();
        _clear.Clear();
        _changes.Clear();
        _lastEvent = 0;
        active.Trust(-1, -1);
        if (session.InTransaction)
        {
            session.Sql("ROLLBACK").Run();
        }
    }

    public void Save()
    {
        session.Sql("SAVEPOINT job").Run();
        _begun.Clear();
        _saved = _state;
        _savedChanges = _changes.Count;
        _savedEvent = _lastEvent;
    }

    public void Keep() => session.Sql("RELEASE job").Run();

    public void GoBack()
    {
        session.Sql("ROLLBACK TO job").Run();
        Keep();
        _known.Forget();
        _state = _saved;
        _changes.RemoveRange(_savedChanges, _changes.Count - _savedChanges);
        _lastEvent = _savedEvent;
        _begun.ForEach(active.Remove);
        _begun.Clear();
        _ended.Clear(); // Those of other jobs stay findable for a while, which does no harm.
        _clear.Clear();
        active.Trust(_saved.Number, _saved.Reopened);
    }

    /// <summary>The next place in the one order of admissions, engages, releases, pauses and resumes.</summary>
    public override long DrawNumber()
    {
        _state = _state with { Number = _state.Number + 1 };
        return _state.Number;
    }

    /// <summary>Latches or pauses have changed: every process must look at them again.</summary>
    public override void ChangeView(GateView view) => _state = _state with { Version = _state.Version + 1, View = view };

    /// <summary>Takes in the orders that other processes have written.</summary>
    private void CatchUp()
    {
        if (_committed is not { } last || last.Reopened != _read.Reopened)
        {
            active.Reload(session.Sql($"SELECT {OrderRows.Columns} FROM orders INDEXED BY orders_active WHERE ended_after IS NULL").Stream(OrderRows.Read), _read);
        }
        else if (last.Number != _read.Number)
        {
            session.Sql($"SELECT {OrderRows.Columns} FROM orders WHERE number > ? AND ended_after IS NULL ORDER BY number")
                .Bind(last.Number).All(OrderRows.Read).ForEach(o => active.Add(o));
        }
    }

    public override void AppendAudit(AuditEntry entry)
    {
        var chained = AuditChain.Append(_state.AuditSequence, _state.AuditHash, entry with { At = Values.Stored(entry.At) });
        AuditRows.Insert(session, chained);
        _state = _state with { AuditSequence = chained.Sequence, AuditHash = chained.Hash };
    }
}
