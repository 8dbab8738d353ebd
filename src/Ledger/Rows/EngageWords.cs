using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>What an engage writes, apart from how: the same in every database.</summary>
internal static class EngageWords
{
    /// <summary>The request as it can be stored, so that an answer equals what is read back.</summary>
    public static EmergencyStopRequest Normal(EmergencyStopRequest asked) => asked with
    {
        RequestedAt = Values.Stored(asked.RequestedAt),
        Except = asked.Except.IsDefaultOrEmpty ? [] : [.. asked.Except.Distinct().OrderBy(t => t.Value, StringComparer.Ordinal)],
    };

    /// <summary>The stop that an engage makes.</summary>
    public static Stop Stop(StopId id, long number, EmergencyStopRequest request, StopClocks clocks, DateTimeOffset now) =>
        new(id, number, request, StopState.Working, clocks, [], null, null)
        {
            CarveOuts = [.. request.Except.Select(t => new CarveOut(t, number, request.RequestedBy.DisplayName, now, request.Reason))],
        };

    /// <summary>The latch that such a stop holds.</summary>
    public static Latch Latch(Stop stop, DateTimeOffset now) =>
        new(stop.Id, stop.Target, stop.Number, stop.Request.ReasonCode, stop.Request.Reason, now, stop.Request.RequestedBy.DisplayName)
        {
            Except = stop.Request.Except,
        };

    /// <summary>Time since the press.</summary>
    public static TimeSpan Since(EmergencyStopRequest request, DateTimeOffset now)
    {
        var since = now - request.RequestedAt;
        return since > TimeSpan.Zero ? TimeSpan.FromMicroseconds(Values.Micros(since)) : TimeSpan.Zero;
    }

    /// <summary>The details of the audit entry.</summary>
    public static string Engaged(Stop stop) => AuditDetails.Of(
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

    /// <summary>The details of the entry of a stop that was spooled.</summary>
    public static string Replayed(EmergencyStopRequest request, string? note) =>
        AuditDetails.Of(("requested_at", request.RequestedAt.ToString("O", Values.Invariant)), ("note", note));
}

/// <summary>Marks the recording of a spooled stop.</summary>
/// <param name="Note">What the audit says beside it.</param>
internal sealed record Replay(string? Note);
