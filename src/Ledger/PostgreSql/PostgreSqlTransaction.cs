using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using Npgsql;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>The transaction of one writer: the rules run here, and what they write goes to the server in few messages.</summary>
/// <remarks>
/// One at a time works, whatever process it is of: it holds the writer's lock, which neither admissions nor engages want. The
/// gate lock is taken no sooner than the rule looks at the gate or draws a number, shared or, where it may change the gate,
/// exclusively; from then on little is left to do, and the last writes, the audit and the commit are one message.
/// </remarks>
internal sealed class PostgreSqlTransaction(PostgreSqlSession session, GateKeeper keeper, OrderMemory memory, IActiveOrders active) : LedgerTransaction
{
    private readonly List<Order> _begun = [];
    private readonly List<Order> _ended = [];
    private readonly List<OrderChange> _changes = [];
    private readonly List<AuditEntry> _audit = [];
    private readonly List<LedgerEvent> _happened = [];
    private readonly List<(int Place, Action<long> Told)> _told = [];
    private bool _exclusive;
    private bool _locked;
    private bool _drawn;
    private bool _changed;
    private GateState _state;

    public override LedgerSession Session => session;

    public override IActiveOrders Active => active;

    public override GateView View
    {
        get
        {
            LockGate();
            return _state.View;
        }
    }

    public override long Number => _state.Number;

    /// <summary>Whether it has committed changes of orders, or events.</summary>
    public bool HasNews { get; private set; }

    /// <summary>Begins, and waits for the writer before it.</summary>
    /// <param name="exclusive">Whether the work may change the gate.</param>
    /// <param name="jobs">The work, which may say what it is going to ask for.</param>
    public void Begin(bool exclusive, IReadOnlyCollection<LedgerJob>? jobs = null)
    {
        (_exclusive, _locked, _drawn, _changed, HasNews) = (exclusive, false, false, false, false);
        Clear();
        session.Post("BEGIN");
        _ = session.Sql($"SELECT 1 FROM (SELECT pg_advisory_xact_lock({Locks.Of(Locks.Writer)})) locked").Any();
        _state = GateRows.Read(session);
        LookAhead(jobs ?? []);
    }

    public override long DrawNumber()
    {
        LockGate();
        _state = _state with { Number = session.Sql("SELECT nextval('numbers')").First(static r => r.Long()) };
        _drawn = true;
        return _state.Number;
    }

    public override void ChangeView(GateView view)
    {
        if (!_exclusive)
        {
            throw new InvalidOperationException("The gate is changed behind the exclusive lock only.");
        }

        LockGate();
        _changed = true;
        _state = _state with { View = view };
    }

    public override void AppendAudit(AuditEntry entry) => _audit.Add(entry);

    public override void Publish(LedgerEvent happened) => _happened.Add(happened);

    /// <remarks>With the rest, in the last message: who had the outbox's row sooner would keep a stop waiting, or wait for one that waits for it.</remarks>
    public override void Publish(LedgerEvent happened, Action<long> told)
    {
        _told.Add((_happened.Count, told));
        _happened.Add(happened);
    }

    public override void Tell(OrderChange? change)
    {
        if (change is { } told)
        {
            _changes.Add(told);
        }
    }

    public override void HasBegun(Order order)
    {
        _ended.RemoveAll(o => o.Number == order.Number);
        _begun.Add(order);
    }

    public override void HasEnded(Order order)
    {
        _begun.RemoveAll(o => o.Number == order.Number);
        _ended.Add(order);
    }

    public override void HasCleared(Order order)
    {
        // The index of unclear orders is the server's.
    }

    public override void HasReopened(Order order) => HasBegun(order);

    /// <summary>Sends what is left, and the commit with it; shows the gate as it is then.</summary>
    public void Commit()
    {
        if (_exclusive && _drawn)
        {
            _state = _changed ? _state with { Version = _state.Version + 1 } : _state;
            session.Sql("UPDATE gate_state SET number = ?, version = ?").Bind(_state.Number).Bind(_state.Version).Post();
        }
        else if (_changed)
        {
            throw new InvalidOperationException("The gate is not changed without a number.");
        }

        if (_changes.Count > 0)
        {
            OrderEventTable.Append(session, _changes);
            HasNews = true;
        }

        if (_audit.Count > 0)
        {
            session.Post(AuditCall());
        }

        session.ForgetAhead();
        _begun.ForEach(o => memory.Add(o)); // Before the commit, whose answer may get lost.
        if (_happened.Count > 0)
        {
            HasNews = true;
            Tell(session.Committing(PublishCall(_happened)));
        }
        else
        {
            session.Post("COMMIT");
            session.Flush();
        }

        _ended.ForEach(o => memory.Remove(o.Id));
        if (_locked)
        {
            keeper.Show(_state.Version, _state.View.AsOf(_state.Number));
        }
        else if (!keeper.Advance(_state.Version, _state.Number))
        {
            keeper.Read(session);
        }

        memory.Pass(_state.Number);
        Clear();
    }

    /// <summary>Undoes everything.</summary>
    public void Abandon()
    {
        Clear();
        if (session.IsOpen)
        {
            session.GoBack();
        }
    }

    private void LookAhead(IReadOnlyCollection<LedgerJob> jobs)
    {
        session.ForgetAhead();
        var wanted = new RowsWanted();
        foreach (var job in jobs)
        {
            job.Announce(wanted);
        }

        if (wanted.Orders.Count + wanted.Outcomes.Count > 2)
        {
            session.LookAhead(wanted); // Fewer are asked for as they come.
        }
    }

    private void Tell(long lastEvent)
    {
        foreach (var (place, told) in _told)
        {
            told(lastEvent - _happened.Count + place + 1);
        }
    }

    private void Clear()
    {
        _told.Clear();
        _begun.Clear();
        _ended.Clear();
        _changes.Clear();
        _audit.Clear();
        _happened.Clear();
    }

    /// <summary>The lock in a message of its own, then the gate: what is read then is not older than the lock.</summary>
    private void LockGate()
    {
        if (_locked)
        {
            return;
        }

        var function = _exclusive ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared";
        _ = session.Sql($"SELECT 1 FROM (SELECT {function}({Locks.Of(Locks.Gate)})) locked").Any();
        _locked = true;
        var read = GateRows.Read(session);
        _state = read with { View = keeper.Of(read.Version)?.AsOf(read.Number) ?? GateRows.View(session, read.Number) };
    }

    private NpgsqlBatchCommand AuditCall() => new("SELECT ledger_audit($1, $2, $3, $4, $5)")
    {
        Parameters =
        {
            PostgreSqlValues.Numbers(_audit.Select(a => Values.Micros(a.At))),
            PostgreSqlValues.Texts(_audit.Select(a => a.Actor)),
            PostgreSqlValues.Texts(_audit.Select(a => a.Action)),
            PostgreSqlValues.Texts(_audit.Select(a => a.Subject)),
            PostgreSqlValues.Texts(_audit.Select(a => a.Details)),
        },
    };

    private static NpgsqlBatchCommand PublishCall(List<LedgerEvent> happened) => new("SELECT ledger_publish($1, $2, $3, $4, $5)")
    {
        Parameters =
        {
            PostgreSqlValues.Texts(happened.Select(e => e.Type)),
            PostgreSqlValues.Texts(happened.Select(e => e.Subject)),
            PostgreSqlValues.Numbers(happened.Select(e => Values.Micros(e.At))),
            PostgreSqlValues.Texts(happened.Select(e => e.Audience.Value)),
            PostgreSqlValues.Texts(happened.Select(e => e.Data)),
        },
    };
}
