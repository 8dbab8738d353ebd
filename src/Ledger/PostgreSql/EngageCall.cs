using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;
using Npgsql;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>The one call that engages: a function that the server commits by itself.</summary>
internal static class EngageCall
{
    private const string Text =
        "SELECT outcome, number, version FROM ledger_engage($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";

    public static NpgsqlBatchCommand Of(StopId id, EmergencyStopRequest request, DateTimeOffset at, Replay? replay)
    {
        var now = Values.Stored(at);
        var since = EngageWords.Since(request, at);
        var by = request.RequestedBy;
        var stop = EngageWords.Stop(id, 0, request, new(GateClosed: since), now);
        return new(Text)
        {
            Parameters =
            {
                PostgreSqlValues.Text(id.Value),
                PostgreSqlValues.Text(request.Target.Value),
                PostgreSqlValues.Number(StopRows.Flags(request.Options)),
                PostgreSqlValues.Small((long)request.ReasonCode),
                PostgreSqlValues.Text(request.Reason),
                PostgreSqlValues.Text(by.KeyId),
                PostgreSqlValues.Text(by.Name),
                PostgreSqlValues.Small((long)by.Role),
                PostgreSqlValues.Text(by.User?.Value),
                PostgreSqlValues.Number(Values.Micros(request.RequestedAt)),
                PostgreSqlValues.Text(request.IdempotencyKey),
                PostgreSqlValues.Text(request.BodyHash),
                PostgreSqlValues.Number(Values.Micros(now)),
                PostgreSqlValues.Text(request.Target.User?.Value),
                PostgreSqlValues.Text(request.Target.User is null ? request.Target.Strategy?.Value : null),
                PostgreSqlValues.Number(Values.Micros(since)),
                PostgreSqlValues.Texts(request.Except.Select(t => t.Value)),
                PostgreSqlValues.Text(by.DisplayName),
                PostgreSqlValues.Text(AdmitWords.WithoutNumber(EngageWords.Engaged(stop))),
                PostgreSqlValues.Number(Values.Micros(request.RequestedAt - IStopLedger.RepeatWindow)),
                PostgreSqlValues.Text(replay is null ? null : EngageWords.Replayed(request, replay.Note)),
                PostgreSqlValues.Texts([.. Parts(StopEvents.Engaged(stop, request.Target.User, now, replay is not null)), .. Closed(stop, now)]),
            },
        };
    }

    /// <summary>The event of the gate that closes, if the database finds it open.</summary>
    private static string?[] Closed(Stop stop, DateTimeOffset now) => !stop.HoldsLatch ? [] : Parts(GateEvents.Between(
        GateView.Unread, GateView.Unread.With(EngageWords.Latch(stop, now)), stop, [stop.Target], stop.Number, now, static _ => null).Single());

    /// <summary>Type, audience and data of an event. Whose strategy it is, and the number, only the database knows.</summary>
    private static string?[] Parts(LedgerEvent happened)
    {
        const string number = "\"number\":0";
        var at = happened.Data.IndexOf(number, StringComparison.Ordinal) + number.Length;
        return [happened.Type, happened.Audience == EventAudience.Desk ? null : happened.Audience.Value, happened.Data[..(at - 1)], happened.Data[at..]];
    }
}
