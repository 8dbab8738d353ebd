using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>Rows that stops make themselves: orders found at the venue, and closing ones.</summary>
internal static class VenueOperations
{
    public static async ValueTask<Operation> Adopt(Scene scene, Choices c)
    {
        var (elsewhere, known) = (c.OneIn(10), c.OneIn(4));
        var id = await scene.StopIdAsync(c, s => s.HoldsLatch);
        var stop = await scene.First.FindStopAsync(id, CancellationToken.None);
        var (user, strategy, symbol) = Scene.Within(stop is null || elsewhere ? StopTarget.System : stop.Target, c);
        var order = known ? await scene.OrderAsync(c, o => o.VenueOrderId is not null) : null;
        var whose = stop?.Target.Strategy is null && !c.OneIn(4) ? null : strategy;
        var report = Report(scene, c, order, Scene.Account(user, c), symbol);
        return Operation.Of(
            nameof(ILedger.AdoptAsync), l => l.AdoptAsync(id, user, whose, report, scene.Now, CancellationToken.None), id, user, whose, report, scene.Now);
    }

    public static async ValueTask<Operation> Close(Scene scene, Choices c)
    {
        var elsewhere = c.OneIn(10);
        var id = await scene.StopIdAsync(c, s => s is { HoldsLatch: true, Options.ClosePositions: true });
        var stop = await scene.First.FindStopAsync(id, CancellationToken.None);
        var (user, strategy, symbol) = Scene.Within(stop is null || elsewhere ? StopTarget.System : stop.Target, c);
        var (account, attempt) = (Scene.Account(user, c), 1 + c.Of(3));
        var terms = new OrderTerms(
            user, stop?.Target.Strategy ?? (c.OneIn(8) ? strategy : null), symbol, c.From(OrderSide.Sell, OrderSide.Buy), c.From(1m, 2m, 0.5m), OrderType.Market, ReduceOnly: true);
        var order = new NewOrder(OrderId.Parse(c.OneIn(3) ? scene.Fresh("c") : $"c-{id}-{account}-{symbol}-{attempt}"), terms, account, scene.Now)
        {
            LastClosing = c.OneIn(6) ? null : (await scene.First.LastClosingAsync(account, symbol, CancellationToken.None))?.Id,
        };
        scene.Closings.Add((id, account, symbol));
        return Operation.Of(nameof(ILedger.InsertClosingAsync), l => l.InsertClosingAsync(order, id, attempt, CancellationToken.None), order, id, attempt);
    }

    /// <summary>A closing order trades.</summary>
    public static async ValueTask<Operation> FillClosing(Scene scene, Choices c)
    {
        var order = await scene.OrderAsync(c, o => o.Origin == OrderOrigin.Closing && o.State.IsActive());
        var filled = order is null ? 0 : c.From(order.Terms.Quantity, order.FilledQuantity + 0.5m);
        var state = order is null || filled < order.Terms.Quantity ? c.From(OrderState.Open, OrderState.Cancelled) : OrderState.Filled;
        return Operation.Of(
            nameof(ILedger.RecordAsync),
            l => l.RecordAsync(order is null ? [] : [new(order.Id, state, scene.Now, filled, 100m, $"v-{order.Id}")], CancellationToken.None),
            order?.Id, state, filled) with { Name = "FillClosing" };
    }

    private static VenueOrderReport Report(Scene scene, Choices c, Order? known, AccountId account, Symbol symbol)
    {
        var state = c.From(OrderState.Open, OrderState.Open, OrderState.Filled, OrderState.Cancelled, OrderState.Rejected, OrderState.Ended);
        var filled = state == OrderState.Filled ? 1m : c.From(0m, 0m, 0.50m);
        return new(
            known is not null && !c.OneIn(3) ? known.Account : account,
            known?.VenueOrderId ?? $"x-{c.Of(5)}",
            known is not null && !c.OneIn(3) ? known.Id.Value : c.From("", "not an/id", $"xc-{c.Of(3)}", scene.Fresh("xc")),
            symbol, c.From(OrderSide.Buy, OrderSide.Sell), c.From(OrderType.Limit, OrderType.Stop), 1m, filled,
            filled > 0 ? 100.10m : null, state, null, c.From(null, "as the venue says"));
    }
}
