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
    private EmergencyStopRequest _request = EngageWords.Normal(asked);

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
        var stop = EngageWords.Stop(id, transaction.DrawNumber(), _request, clocks, now);
        StopRows.Insert(session, stop, now, EventBooks.OfTarget(session, stop.Target));
        foreach (var carved in stop.CarveOuts)
        {
            CarveOutRows.Insert(session, stop.Number, carved);
        }

        var before = transaction.View;
        if (stop.HoldsLatch)
        {
            StopRows.InsertLatch(session, stop);
            transaction.ChangeView(transaction.View.With(EngageWords.Latch(stop, now)));
        }

        transaction.AppendAudit(new(now, _request.RequestedBy.DisplayName, "stop.engaged", id.Value, EngageWords.Engaged(stop)));
        if (replay is not null)
        {
            transaction.AppendAudit(new(now, "service", "stop.replayed", id.Value, EngageWords.Replayed(_request, replay.Note)));
        }

        transaction.Publish(StopEvents.Engaged(stop, EventBooks.OfTarget(session, stop.Target), now, replay is not null));
        EventBooks.PublishGate(transaction, before, stop, stop.LatchedTargets, stop.Number, now);

        return new(stop);
    }

    private TimeSpan SincePress() => EngageWords.Since(_request, time.GetUtcNow());
}
