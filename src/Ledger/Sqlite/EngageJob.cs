using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>One engage, or the recording of one that was spooled.</summary>
internal sealed class EngageJob(StopId id, EmergencyStopRequest asked, TimeProvider time, LedgerQueue queue, Replay? replay = null)
    : LedgerJob<EngageAnswer>
{
    private EmergencyStopRequest _request = asked with
    {
        RequestedAt = Values.Stored(asked.RequestedAt),
        Except = asked.Except.IsDefaultOrEmpty ? [] : [.. asked.Except.Distinct().OrderBy(t => t.Value, StringComparer.Ordinal)],
    };

    private EngageAnswer? _answer;

    public override bool Run(LedgerTransaction transaction, Slice slice)
    {
        _answer = Standing(transaction.Session) ?? Engage(transaction);
        return true;
    }

    /// <summary>The gate is closed now: this is when its clock stops. The row holds an estimate until the next commit corrects it.</summary>
    protected override EngageAnswer Result()
    {
        if (_answer is not EngageAnswer.Engaged { Stop: var stop })
        {
            return _answer!; // Run has set it.
        }

        var closed = SincePress();
        queue.AddLazy(new WholeJob<bool>(transaction =>
        {
            StopRows.SetGateClosed(transaction.Session, stop.Number, closed);
            return true;
        }));
        return new EngageAnswer.Engaged(stop with { Clocks = stop.Clocks with { GateClosed = closed } });
    }

    private EngageAnswer? Standing(LedgerSession session)
    {
        if (StopRows.Find(session, id) is { } same)
        {
            return new EngageAnswer.Repeated(same);
        }

        if (_request.IdempotencyKey is { } key)
        {
            return StopRows.FindByKey(session, _request.RequestedBy.KeyId, key) is not { } keyed ? null
                : keyed.Request.BodyHash == _request.BodyHash ? new EngageAnswer.Repeated(keyed)
                : Reused(keyed);
        }

        // A spooled stop was answered under its own id: another one that stands does not take its place.
        return replay is null && StopRows.FindStanding(session, _request) is { } standing ? new EngageAnswer.Repeated(standing) : null;
    }

    private EngageAnswer.KeyReused? Reused(Stop keyed)
    {
        if (replay is null)
        {
            return new EngageAnswer.KeyReused(keyed);
        }

        _request = _request with { IdempotencyKey = null, BodyHash = null }; // It was answered without the ledger: it must hold.
        return null;
    }

    private EngageAnswer.Engaged Engage(LedgerTransaction transaction)
    {
        var session = transaction.Session;
        var now = Values.Stored(time.GetUtcNow());
        var clocks = new StopClocks(GateClosed: SincePress());
        var number = transaction.DrawNumber();
        var stop = new Stop(id, number, _request, StopState.Working, clocks, [], null, null)
        {
            CarveOuts = [.. _request.Except.Select(t => new CarveOut(t, number, _request.RequestedBy.DisplayName, now, _request.Reason))],
        };
        StopRows.Insert(session, stop, now, EventBooks.OfTarget(session, stop.Target));
        foreach (var carved in stop.CarveOuts)
        {
            CarveOutRows.Insert(session, number, carved);
        }

        var before = transaction.View;
        if (stop.HoldsLatch)
        {
            StopRows.InsertLatch(session, stop);
            transaction.ChangeView(transaction.View.With(new Latch(
                id, stop.Target, stop.Number, _request.ReasonCode, _request.Reason, now, _request.RequestedBy.DisplayName)
            {
                Except = _request.Except,
            }));
        }

        transaction.AppendAudit(new(now, _request.RequestedBy.DisplayName, "stop.engaged", id.Value, Details(stop)));
        if (replay is not null)
        {
            transaction.AppendAudit(new(now, "service", "stop.replayed", id.Value, AuditDetails.Of(
                ("requested_at", _request.RequestedAt.ToString("O", Values.Invariant)), ("note", replay.Note))));
        }

        transaction.Publish(StopEvents.Engaged(stop, EventBooks.OfTarget(session, stop.Target), now, replay is not null));
        EventBooks.PublishGate(transaction, before, stop, stop.LatchedTargets, number, now);

        return new(stop);
    }

    private string Details(Stop stop) => AuditDetails.Of(
        ("number", stop.Number),
        ("target", stop.Target.Value),
        ("reason_code", _request.ReasonCode.ToString()),
        ("reason", _request.Reason),
        ("key_id", _request.RequestedBy.KeyId),
        ("requested_at", _request.RequestedAt.ToString("O", Values.Invariant)),
        ("cancel_orders", stop.Options.CancelOrders),
        ("pause_strategies", stop.Options.PauseStrategies),
        ("close_positions", stop.Options.ClosePositions),
        ("keep_protective", stop.Options.KeepProtective),
        ("cancel_only", stop.Options.CancelOnly),
        ("except", stop.CarveOuts.IsEmpty ? null : stop.CarveOuts.Select(c => c.Target.Value)));

    private TimeSpan SincePress()
    {
        var since = time.GetUtcNow() - _request.RequestedAt;
        return since > TimeSpan.Zero ? TimeSpan.FromMicroseconds(Values.Micros(since)) : TimeSpan.Zero;
    }
}

/// <summary>Marks the recording of a spooled stop.</summary>
/// <param name="Note">What the audit says beside it.</param>
internal sealed record Replay(string? Note);
