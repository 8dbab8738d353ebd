using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Events;

/// <summary>What outsiders are told of a stop. Pure; the same for every ledger.</summary>
/// <remarks>Each takes the user whose book the stop is about; no user means that only the desk hears of it.</remarks>
internal static class StopEvents
{
    public static LedgerEvent Engaged(Stop stop, UserId? book, DateTimeOffset at, bool replayed) => Of(
        EventTypes.StopEngaged, stop, book, at,
        ("number", stop.Number),
        ("reason_code", EventText.ReasonCode(stop.Request.ReasonCode)),
        ("reason", stop.Request.Reason),
        ("by", stop.Request.RequestedBy.DisplayName),
        ("requested_at", EventText.Time(stop.Request.RequestedAt)),
        ("cancel_orders", stop.Options.CancelOrders),
        ("pause_strategies", stop.Options.PauseStrategies),
        ("close_positions", stop.Options.ClosePositions),
        ("keep_protective", stop.Options.KeepProtective),
        ("cancel_only", stop.Options.CancelOnly),
        ("except", stop.CarveOuts.Select(c => c.Target.Value)),
        ("replayed", replayed));

    public static LedgerEvent Progressed(Stop stop, UserId? book, StopState from, DateTimeOffset at) => Of(
        EventTypes.StopProgressed, stop, book, at,
        ("from", EventText.Word(from)),
        ("to", EventText.Word(stop.State)),
        ("unprotected_positions", stop.UnprotectedPositions.IsDefault ? [] : stop.UnprotectedPositions));

    public static LedgerEvent OutcomesRecorded(Stop stop, UserId? book, IEnumerable<ItemOutcome> written, DateTimeOffset at) => Of(
        EventTypes.StopOutcomesRecorded, stop, book, at,
        ("counts", written.GroupBy(o => (o.Kind, o.Outcome)).OrderBy(g => g.Key)
            .Select(g => KeyValuePair.Create($"{EventText.Word(g.Key.Kind)}_{EventText.Word(g.Key.Outcome)}", g.Count()))));

    public static LedgerEvent Released(Stop stop, UserId? book, ReleaseRequest request, long number) => Of(
        EventTypes.StopReleased, stop, book, request.At,
        ("number", number), ("by", request.By.DisplayName), ("reason", request.Reason), ("resume_strategies", request.ResumeStrategies));

    public static LedgerEvent Narrowed(Stop stop, UserId? book, StopNarrowing narrowed, int debts) => Of(
        EventTypes.StopNarrowed, stop, book, narrowed.At,
        ("number", narrowed.Number), ("by", narrowed.By), ("reason", narrowed.Reason),
        ("holds", narrowed.Holds.Select(t => t.Value)), ("debts", debts));

    /// <summary>A part was carved out, or put back.</summary>
    public static LedgerEvent Excepted(string type, Stop stop, UserId? book, ExceptRequest request, long number) => Of(
        type, stop, book, request.At,
        ("number", number), ("by", request.By.DisplayName), ("reason", request.Reason), ("except", request.Target.Value),
        ("state", EventText.Word(stop.State)));

    public static LedgerEvent Escalated(Stop stop, UserId? book, EscalateRequest request, long number) => Of(
        EventTypes.StopEscalated, stop, book, request.At,
        ("number", number), ("by", request.By.DisplayName), ("reason", request.Reason), ("close_positions", true), ("state", EventText.Word(stop.State)));

    private static LedgerEvent Of(string type, Stop stop, UserId? book, DateTimeOffset at, params ReadOnlySpan<(string Name, object? Value)> members) =>
        new(type, stop.Id.Value, at, EventAudience.Of(book), AuditDetails.Of([("stop_id", stop.Id.Value), ("target", stop.Target.Value), .. members]));
}
