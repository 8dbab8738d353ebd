using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>Orders on their way through the gate, and what is learned of them.</summary>
internal static class OrderOperations
{
    private static readonly OrderState[] States = Enum.GetValues<OrderState>();

    public static ValueTask<Operation> Admit(Scene scene, Choices c)
    {
        return new(Admission(Anything(scene, c, tries: c.From(3, 2, 0)), "Admit"));
    }

    /// <summary>An order in the place of another, mostly of one that rests.</summary>
    public static async ValueTask<Operation> Replace(Scene scene, Choices c)
    {
        var (which, stranger, elsewhere) = (c.Of(10), c.OneIn(8), c.OneIn(10));
        var old = await scene.OrderAsync(c, o => which switch
        {
            7 => o.State != OrderState.Open,
            8 => o is { State: OrderState.Open, Origin: not OrderOrigin.Placed },
            9 => o is { State: OrderState.Open, VenueOrderId: null },
            _ => o is { State: OrderState.Open, VenueOrderId: not null, Origin: OrderOrigin.Placed },
        });
        if (which > 7)
        {
            return Admission(Anything(scene, c, tries: 3) with { Replaces = old?.Id }, "Replace");
        }

        var user = old is null || stranger ? Scene.User(c) : old.Terms.User;
        var terms = Terms(c, user, old?.Terms.Strategy ?? Scene.Strategy(c), old?.Terms.Symbol ?? Scene.AnySymbol(c));
        terms = terms with { Side = old?.Terms.Side ?? terms.Side };
        var account = old is null || elsewhere ? Scene.Account(user, c) : old.Account;
        return Admission(new(Id(scene, c), terms, account, scene.Now, old?.Id ?? OrderId.Parse("no-such-order")), "Replace");
    }

    /// <summary>A reduce-only order past a closed gate, mostly one within what the stop holds.</summary>
    public static async ValueTask<Operation> PassGate(Scene scene, Choices c)
    {
        var (adds, elsewhere) = (c.OneIn(12), c.OneIn(8));
        var stop = await scene.StopAsync(c, s => s.HoldsLatch);
        var (user, strategy, symbol) = Scene.Within(stop is null || elsewhere ? StopTarget.System : stop.Target, c);
        var terms = Terms(c, user, strategy, symbol) with { ReduceOnly = !adds };
        var asked = stop is null ? [] : (await scene.First.OutcomesAsync(stop.Id, CancellationToken.None)).Where(o => o.Kind == ObligationKind.MassCancel).ToArray();
        var account = asked.Length > 0 && AccountId.TryParse(asked[0].Item, out var hit, out _) ? hit : Scene.Account(user, c);
        var order = new NewOrder(Id(scene, c), terms, account, scene.Now)
        {
            PastGate = new(stop?.Id ?? StopId.Parse("no-such-stop"), Scene.Officer, "hedge"),
        };
        return Admission(order, "PassGate") with
        {
            Kind = answer => answer is AdmitAnswer.GateClosed closed ? closed.By.Number > stop?.Number ? "GateClosed by a later stop" : "GateClosed by a mass cancel" : null,
        };
    }

    public static async ValueTask<Operation> Record(Scene scene, Choices c)
    {
        var evidence = ImmutableArray.CreateBuilder<OrderEvidence>();
        var met = new List<string>();
        for (var left = c.From(1, 1, 2, 3, 0); left > 0; left--)
        {
            var which = c.Of(7);
            var order = await scene.OrderAsync(c, o => which switch { 4 => !o.State.IsActive(), 5 => o.State == OrderState.NeverSent, 6 => o.State == OrderState.Unknown, _ => o.State.IsActive() });
            evidence.Add(Evidence(scene, c, order, evidence.Count == 0 ? await FreeVenueIdAsync(scene, c) : null));
            met.Add(order is null ? "evidence of nothing" : $"evidence of {evidence[^1].State}");
            met.Add($"evidence for {order?.State.ToString() ?? "nothing"}");
        }

        return Record(evidence.ToImmutable(), "Record") with { Met = met };
    }

    /// <summary>Orders that were admitted come to rest, as most do.</summary>
    public static async ValueTask<Operation> Rest(Scene scene, Choices c)
    {
        var order = await scene.OrderAsync(c, o => o.State is OrderState.InFlight or OrderState.Unknown);
        return Record(order is null ? [] : [new(order.Id, OrderState.Open, scene.Now, VenueOrderId: $"v-{order.Id}", SentAt: scene.Now)], "Rest");
    }

    /// <summary>An order that was taken to have never been sent shows up.</summary>
    public static async ValueTask<Operation> TurnUp(Scene scene, Choices c)
    {
        var order = await scene.OrderAsync(c, o => o.State == OrderState.NeverSent);
        var state = c.From(OrderState.Open, OrderState.Filled, OrderState.Cancelled, OrderState.Rejected);
        return Record(
            order is null ? [] : [new(order.Id, state, scene.Now, state == OrderState.Filled || c.OneIn(3) ? order.Terms.Quantity : 0, 101.25m, $"v-{order.Id}")], "TurnUp");
    }

    /// <summary>Evidence about an order: what follows next, or anything.</summary>
    public static OrderEvidence Evidence(Scene scene, Choices c, Order? order, string? venueId)
    {
        if (order is null || c.OneIn(10))
        {
            return new(OrderId.Parse("no-such-order"), OrderState.Open, scene.Now);
        }

        var state = c.OneIn(2) ? States[c.Of(States.Length)] : order.State == OrderState.Open ? OrderState.Filled : c.From(OrderState.Open, OrderState.Unknown);
        var never = state == OrderState.NeverSent && !c.OneIn(6);
        var filled = never ? 0 : c.From(0, order.FilledQuantity, order.FilledQuantity + 0.5m, 1.0m, order.Terms.Quantity);
        filled = state == OrderState.Filled ? Math.Max(filled, order.Terms.Quantity) : filled;
        var venue = never || c.OneIn(6) ? null : c.From($"v-{order.Id}", venueId ?? $"v-{order.Id}", null);
        return new(
            order.Id, state, scene.Now, filled, filled > 0 ? c.From<decimal?>(100m, 99.50m, null) : null, venue,
            c.OneIn(3) ? scene.Now : null, never ? c.From("attested", $"{OrderEvidence.Inferred}its window is over") : c.From(null, "the venue says so"));
    }

    public static OrderTerms Terms(Choices c, UserId user, StrategyId? strategy, Symbol symbol)
    {
        var type = c.From(OrderType.Limit, OrderType.Market, OrderType.Stop, OrderType.StopLimit, OrderType.TrailingStop);
        return new(
            user, strategy, symbol, c.From(OrderSide.Buy, OrderSide.Sell), c.From(1m, 2m, 1.50m, 0.5m), type,
            type is OrderType.Limit or OrderType.StopLimit ? 100.50m : null, type is OrderType.Stop or OrderType.StopLimit ? 99m : null,
            type == OrderType.TrailingStop ? c.From(2m, (decimal?)null) : null, null, c.From(TimeInForce.Gtc, TimeInForce.Day),
            c.OneIn(3), c.OneIn(5), c.OneIn(3) ? ClientOrderId.Parse($"mine-{c.Of(5)}") : null);
    }

    /// <summary>An id that a venue may use again: no order has it that is alive, or may turn out to be.</summary>
    private static async ValueTask<string?> FreeVenueIdAsync(Scene scene, Choices c)
    {
        var id = $"x-{c.Of(3)}";
        var orders = (await scene.First.OrdersAsync(new(null, null, null, false, null, 500), CancellationToken.None)).Items;
        return orders.Any(o => o.VenueOrderId == id && (o.State.IsActive() || o.State == OrderState.NeverSent)) ? null : id;
    }

    /// <summary>Any order, and another one so many times while the gate is closed for it.</summary>
    private static NewOrder Anything(Scene scene, Choices c, int tries)
    {
        var user = Scene.User(c);
        var order = new NewOrder(Id(scene, c), Terms(c, user, c.OneIn(6) ? null : Scene.Strategy(c), Scene.AnySymbol(c)), Scene.Account(user, c), scene.Now);
        return tries > 0 && scene.First.Gate.Refusing(order.Terms) is not null ? Anything(scene, c, tries - 1) : order;
    }

    private static OrderId Id(Scene scene, Choices c) =>
        c.OneIn(12) && scene.Orders.Count > 0 ? scene.Orders[c.Of(scene.Orders.Count)] : OrderId.Parse(scene.Fresh("o"));

    private static Operation Admission(NewOrder order, string name) =>
        Operation.Of(nameof(ILedger.AdmitAsync), async l => await l.AdmitAsync(order, CancellationToken.None), order) with { Name = name };

    private static Operation Record(ImmutableArray<OrderEvidence> evidence, string name) =>
        Operation.Of(nameof(ILedger.RecordAsync), l => l.RecordAsync(evidence, CancellationToken.None), evidence) with { Name = name };
}
