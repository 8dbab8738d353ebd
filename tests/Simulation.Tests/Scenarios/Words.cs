using System.Globalization;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <summary>Acts and answers in words, for the trace.</summary>
public static class Words
{
    /// <summary>What somebody asks for.</summary>
    public static string Of(Act act, IReadOnlyDictionary<int, StopId> stops, IReadOnlyDictionary<int, OrderId> orders)
    {
        string Stop(int number) => stops.TryGetValue(number, out var id) ? id.Value : string.Create(CultureInfo.InvariantCulture, $"the stop of act {number}");
        string Order(int number) => orders.TryGetValue(number, out var id) ? id.Value : string.Create(CultureInfo.InvariantCulture, $"the order of act {number}");

        var what = act switch
        {
            Act.Place p => $"place {Of(p.Terms)}",
            Act.Cancel c => $"cancel {Order(c.Order)}",
            Act.Replace r => $"replace {Order(r.Order)}",
            Act.Foreign f => $"(past the service) {Of(f.Terms)}",
            Act.PassGate p => $"past the gate of {Stop(p.Stop)}: {Of(p.Terms)}",
            Act.Press p => $"stop {p.Request.Target} by {p.Request.RequestedBy.DisplayName} key {p.Request.IdempotencyKey ?? "none"}{Of(p.Request.Options)}{(p.Request.Except.IsEmpty ? string.Empty : $" except {p.Request.Except[0]}")}",
            Act.Release r => $"release {Stop(r.Stop)}{(r.Resumes ? " and resume" : string.Empty)}{(r.Despite ? " despite what is outstanding" : string.Empty)}",
            Act.Waive w => $"waive a debt of {Stop(w.Stop)}",
            Act.Except e => $"{(e.PutBack ? "put back" : "carve out")} {e.Part} of {Stop(e.Stop)}",
            Act.Escalate e => $"let {Stop(e.Stop)} close positions",
            Act.Resume r => $"resume {r.Strategy}",
            Act.Kill k => string.Create(CultureInfo.InvariantCulture, $"(kill process {k.Slot}, back after {k.Gone.TotalMilliseconds:0} ms)"),
            Act.Freeze f => string.Create(CultureInfo.InvariantCulture, $"(freeze process {f.Slot} for {f.Lasts.TotalMilliseconds:0} ms)"),
            Act.FreezeSender f => string.Create(CultureInfo.InvariantCulture, $"(freeze the next process that sends a mass cancel for {f.Lasts.TotalMilliseconds:0} ms)"),
            Act.Jump j => string.Create(CultureInfo.InvariantCulture, $"(set the clock of process {j.Slot} by {j.By.TotalSeconds:0.0} s)"),
            Act.LoseEngage l => string.Create(CultureInfo.InvariantCulture, $"(the next engage's answer is lost, and its process cut from the ledger for {l.Lasts.TotalMilliseconds:0} ms)"),
            Act.LedgerDown d => string.Create(CultureInfo.InvariantCulture, $"(ledger down for {d.Lasts.TotalMilliseconds:0} ms)"),
            Act.Cut c => string.Create(CultureInfo.InvariantCulture, $"(process {c.Slot} cut from the ledger for {c.Lasts.TotalMilliseconds:0} ms)"),
            Act.VenueDown d => string.Create(CultureInfo.InvariantCulture, $"(venue {d.Account?.Value ?? "all"} down for {d.Lasts.TotalMilliseconds:0} ms)"),
            Act.MarketClosed m => string.Create(CultureInfo.InvariantCulture, $"(market closed for {m.Lasts.TotalMilliseconds:0} ms)"),
            _ => act.ToString(),
        };
        return string.Create(CultureInfo.InvariantCulture, $"act {act.Number}, {what}");
    }

    /// <summary>What a commit came to.</summary>
    public static string? OfCommit(object answer)
    {
        var value = answer.GetType().GetProperty("Answer")?.GetValue(answer) ?? answer;
        return value switch
        {
            AdmitAnswer.Admitted a => string.Create(CultureInfo.InvariantCulture, $": {a.Order.Id} at number {a.Order.Number}"),
            EngageAnswer.Engaged e => string.Create(CultureInfo.InvariantCulture, $": {e.Stop.Id} on {e.Stop.Target} at number {e.Stop.Number}"),
            ClosingAnswer.Inserted c => $": {c.Order.Id} {c.Order.Terms.Side} {c.Order.Terms.Quantity} {c.Order.Terms.Symbol}",
            Stop s => $": {s.Id} is {s.State}",
            System.Collections.Immutable.ImmutableArray<Order> rows => ": " + string.Join(", ", rows.Select(o => $"{o.Id} {o.State}")),
            Order o => $": {o.Id} {o.State}",
            bool => null,
            _ => $": {value.GetType().Name}",
        };
    }

    /// <summary>What somebody hears.</summary>
    public static string OfAnswer(object answer) => answer switch
    {
        PlaceAnswer.Admitted a => string.Create(CultureInfo.InvariantCulture, $"order {a.Order.Id} at number {a.Order.Number}, {a.Order.State}{(a.Repeated ? ", repeated" : string.Empty)}"),
        PlaceAnswer.GateClosed g => $"refused by stop {g.By.Stop} on {g.By.Target}",
        PlaceAnswer.StrategyPaused p => $"refused, paused by stop {p.By.Stop}",
        StopAnswer.Engaged e => string.Create(CultureInfo.InvariantCulture, $"stop {e.Stop.Id} at number {e.Stop.Number}, {e.Result.State}, gate {e.Result.Gate}, recorded {e.Result.Recorded}, {e.Result.OrdersCancelled} cancelled, {e.Result.Outstanding.Length} outstanding{(e.Repeated ? ", repeated" : string.Empty)}"),
        ReleaseAnswer.Released r => $"stop {r.Stop.Id} is released",
        ReleaseAnswer.Outstanding o => string.Create(CultureInfo.InvariantCulture, $"not released, {o.Items.Length} outstanding"),
        Exception e => $"{e.GetType().Name}: {e.Message}",
        _ => answer.GetType().Name,
    };

    private static string Of(OrderTerms t) => string.Create(
        CultureInfo.InvariantCulture,
        $"{t.User}{(t.Strategy is { } s ? $" {s}" : string.Empty)} {t.Side} {t.Quantity} {t.Symbol} {t.Type} {t.LimitPrice ?? t.StopPrice}{(t.Protective ? " protective" : string.Empty)}{(t.ReduceOnly ? " reduce-only" : string.Empty)}");

    private static string Of(StopOptions o) =>
        (o.CancelOrders ? string.Empty : " no cancels") + (o.PauseStrategies ? string.Empty : " no pauses") + (o.ClosePositions ? " close" : string.Empty)
        + (o.KeepProtective ? " keep protective" : string.Empty) + (o.CancelOnly ? " cancel only" : string.Empty);
}
