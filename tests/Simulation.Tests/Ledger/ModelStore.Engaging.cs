using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Engages, and the recording of stops that were spooled.</content>
public sealed partial class ModelStore
{
    /// <summary>Engages, or gives the stop that stands.</summary>
    public EngageAnswer Engage(StopId id, EmergencyStopRequest asked, DateTimeOffset now)
    {
        var request = Checked(asked);
        return Standing(id, ref request, isReplay: false) ?? Engage(id, request, now, isReplay: false, note: null);
    }

    /// <summary>Records a stop that was spooled.</summary>
    public EngageAnswer Replay(StopId id, EmergencyStopRequest asked, string? note, DateTimeOffset now)
    {
        var request = Checked(asked);
        return Standing(id, ref request, isReplay: true) ?? Engage(id, request, now, isReplay: true, note);
    }

    /// <summary>What an engage would be answered if it were committed now: for the mistake of answering it before.</summary>
    public EngageAnswer Foretell(StopId id, EmergencyStopRequest asked, DateTimeOffset now)
    {
        var request = Checked(asked);
        return Standing(id, ref request, isReplay: false) ?? new EngageAnswer.Engaged(Row(id, request, Number + 1, now));
    }

    private static EmergencyStopRequest Checked(EmergencyStopRequest asked) => asked with
    {
        RequestedAt = Values.Stored(asked.RequestedAt),
        Except = asked.Except.IsDefaultOrEmpty ? [] : [.. asked.Except.Distinct().OrderBy(t => t.Value, StringComparer.Ordinal)],
    };

    private static Stop Row(StopId id, EmergencyStopRequest request, long number, DateTimeOffset at)
    {
        var (now, by) = (Values.Stored(at), request.RequestedBy.DisplayName);
        var since = at > request.RequestedAt ? Values.Span(Values.Micros(at - request.RequestedAt)) : TimeSpan.Zero;
        return new(id, number, request, StopState.Working, new(GateClosed: since), [], null, null)
        {
            CarveOuts = [.. request.Except.Select(t => new CarveOut(t, number, by, now, request.Reason))],
        };
    }

    private EngageAnswer? Standing(StopId id, ref EmergencyStopRequest request, bool isReplay)
    {
        if (RowOf(id) is { } same)
        {
            if (isReplay && Has(LedgerBug.ReplayLatchesReleased) && same.Stop is { Release: not null, Options.CancelOnly: false })
            {
                same.Stop = same.Stop with { Release = null };
                _view = _view.With(LatchOf(same.Stop, same.Stop.Request.RequestedAt));
            }

            return new EngageAnswer.Repeated(same.Stop);
        }

        if (request.IdempotencyKey is { } key)
        {
            if (!_stopsByKey.TryGetValue((request.RequestedBy.KeyId, key), out var keyed) || Has(LedgerBug.KeyNotUnique))
            {
                return null;
            }

            if (keyed.Stop.Request.BodyHash == request.BodyHash)
            {
                return new EngageAnswer.Repeated(keyed.Stop);
            }

            if (!isReplay)
            {
                return new EngageAnswer.KeyReused(keyed.Stop);
            }

            request = request with { IdempotencyKey = null, BodyHash = null }; // It was answered without the ledger: it must hold.
            return null;
        }

        // A spooled stop was answered under its own id: another one that stands does not take its place.
        return !isReplay && FindStanding(request) is { } standing ? new EngageAnswer.Repeated(standing) : null;
    }

    /// <summary>The latest standing stop that a keyless request repeats.</summary>
    private Stop? FindStanding(EmergencyStopRequest request)
    {
        const int mostLookedAt = 100;
        var from = Values.Stored(request.RequestedAt - IStopLedger.RepeatWindow);
        return NewestFirst().Select(s => s.Stop)
            .Where(s => s.Target == request.Target && s.Request.RequestedBy.KeyId == request.RequestedBy.KeyId && s.Options == request.Options
                && s.Request.IdempotencyKey is null && s.Release is null && s.Request.RequestedAt >= from)
            .Take(mostLookedAt)
            .FirstOrDefault(s => s is { Narrowed: null, Again: null } && s.Request.Except.SequenceEqual(request.Except));
    }

    private EngageAnswer.Engaged Engage(StopId id, EmergencyStopRequest request, DateTimeOffset at, bool isReplay, string? note)
    {
        var stop = Row(id, request, Draw(NumberKind.Engaged, id.Value), at);
        var row = new ModelStop(stop, BookOf(stop.Target), _outcomeChanges);
        _stops.Add(row);
        _stopsById.Add(id.Value, row);
        if (request.IdempotencyKey is { } key)
        {
            _stopsByKey[(request.RequestedBy.KeyId, key)] = row;
        }

        var (now, before) = (Values.Stored(at), _view);
        if (stop.HoldsLatch)
        {
            _view = _view.With(LatchOf(stop, now));
        }

        AppendAudit(new(now, request.RequestedBy.DisplayName, "stop.engaged", id.Value, Details(stop)));
        if (isReplay)
        {
            AppendAudit(new(now, "service", "stop.replayed", id.Value, AuditDetails.Of(
                ("requested_at", request.RequestedAt.ToString("O", Values.Invariant)), ("note", note))));
        }

        Publish(StopEvents.Engaged(stop, BookOf(stop.Target), now, isReplay));
        PublishGate(before, stop, stop.LatchedTargets, stop.Number, now);

        return new(stop);
    }

    private UserId? BookOf(StopTarget target) => target switch
    {
        { User: { } user } => user,
        { Strategy: { } strategy } => OwnerOf(strategy),
        _ => null,
    };

    private static Latch LatchOf(Stop stop, DateTimeOffset since) =>
        new(stop.Id, stop.Target, stop.Number, stop.Request.ReasonCode, stop.Request.Reason, since, stop.Request.RequestedBy.DisplayName)
        {
            Except = stop.Request.Except,
        };

    private static string Details(Stop stop) => AuditDetails.Of(
        ("number", stop.Number),
        ("target", stop.Target.Value),
        ("reason_code", stop.Request.ReasonCode.ToString()),
        ("reason", stop.Request.Reason),
        ("key_id", stop.Request.RequestedBy.KeyId),
        ("requested_at", stop.Request.RequestedAt.ToString("O", Values.Invariant)),
        ("cancel_orders", stop.Options.CancelOrders),
        ("pause_strategies", stop.Options.PauseStrategies),
        ("close_positions", stop.Options.ClosePositions),
        ("keep_protective", stop.Options.KeepProtective),
        ("cancel_only", stop.Options.CancelOnly),
        ("except", stop.CarveOuts.IsEmpty ? null : stop.CarveOuts.Select(c => c.Target.Value)));
}
