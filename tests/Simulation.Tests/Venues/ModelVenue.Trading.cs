using EmergencyStop.Orders;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <content>How orders trade: at once when they arrive, and by chance while they rest.</content>
public sealed partial class ModelVenue
{
    private const double EndsFilled = 0.5;
    private static readonly double[] Parts = [0.25, 0.5, 0.75];
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(5);

    /// <summary>An order meets the market.</summary>
    private void Take(ModelOrder order)
    {
        var price = order.Symbol.PriceAt(World.Now);
        var immediate = order.Terms.TimeInForce is TimeInForce.Ioc or TimeInForce.Fok;
        var tradable = order.Accepts(price) ? Tradable(order) : 0;
        if (tradable > 0 && !immediate && order.Terms.Type == OrderType.Limit && Faulty(VenueFault.RestsThoughMarketable, order))
        {
            tradable = 0;
        }

        var part = tradable > 0 && Faulty(VenueFault.PartialFill, order) ? PartOf(tradable, order.Account.Random) : tradable;
        if (order.Terms.TimeInForce == TimeInForce.Fok && part < order.Remaining)
        {
            part = 0;
        }

        if (part > 0)
        {
            Fill(order, part, price);
        }

        if (order.IsOpen && immediate)
        {
            End(order, OrderState.Cancelled, "immediate or cancel: the rest could not trade");
        }
        else if (order.IsOpen && !EndIfReduced(order))
        {
            Changed(order);
        }
    }

    private void LookLater(ModelOrder order)
    {
        if (order.LooksLeft-- > 0)
        {
            World.After(order.Account.Random.LogBetween(FirstLook, Settings.LookWithin), null, LookAt, order);
        }
    }

    /// <summary>The market looks at a resting order.</summary>
    private void LookAt(object? state)
    {
        if (state is not ModelOrder { IsOpen: true } order)
        {
            return;
        }

        if (Faulty(VenueFault.EndedByVenue, order))
        {
            End(order, OrderState.Ended, "expired");
        }
        else if (!IsClosedFor(order.Symbol) && order.Account.Random.Chance(Settings.FillsResting))
        {
            Trade(order);
        }

        if (order.IsOpen)
        {
            LookLater(order);
        }
    }

    private void Trade(ModelOrder order)
    {
        if (order.WaitsForTrigger)
        {
            order.Triggered = true;
            Write(order, VenueEvent.Triggered, order.SignedRemaining);
            Take(order);
            return;
        }

        var tradable = Tradable(order);
        if (tradable > 0)
        {
            var part = Faulty(VenueFault.PartialFill, order) ? PartOf(tradable, order.Account.Random) : tradable;
            Fill(order, part, order.Terms.LimitPrice ?? order.Symbol.PriceAt(World.Now));
        }

        if (order.IsOpen && !EndIfReduced(order))
        {
            Changed(order);
        }
    }

    /// <summary>An order fills as its cancel arrives: then the cancel comes too late, or reaches what is left.</summary>
    private void FillBeforeCancel(ModelOrder order)
    {
        var tradable = order.WaitsForTrigger ? 0 : Tradable(order);
        if (tradable > 0 && !IsClosedFor(order.Symbol) && Faulty(VenueFault.FillOnCancel, order))
        {
            var all = order.Account.Random.Chance(EndsFilled);
            Fill(order, all ? tradable : PartOf(tradable, order.Account.Random), order.Terms.LimitPrice ?? order.Symbol.PriceAt(World.Now));
        }
    }

    /// <summary>What may trade: never past zero where only reducing is allowed and enforced (F18).</summary>
    private decimal Tradable(ModelOrder order)
    {
        if (!order.Terms.ReduceOnly || !Settings.AcceptsReduceOnly)
        {
            return order.Remaining;
        }

        var held = order.Account.PositionOf(order.Symbol).Quantity;
        return Math.Min(order.Remaining, Math.Max(0, order.IsBuy ? -held : held));
    }

    private bool EndIfReduced(ModelOrder order)
    {
        var reduced = order.Terms.ReduceOnly && !order.WaitsForTrigger && Tradable(order) == 0;
        if (reduced)
        {
            End(order, OrderState.Cancelled, "reduce-only: no position is left to reduce");
        }

        return reduced;
    }

    private static decimal PartOf(decimal quantity, SeededRandom random)
    {
        var part = quantity * (decimal)random.Pick(Parts);
        return decimal.Truncate(quantity) == quantity && quantity > 1 ? Math.Max(1, decimal.Truncate(part)) : Math.Round(part, 6);
    }

    private void Fill(ModelOrder order, decimal quantity, decimal price)
    {
        var signed = order.IsBuy ? quantity : -quantity;
        var held = order.Account.PositionOf(order.Symbol);
        var after = held.Quantity + signed;
        var grows = held.Quantity == 0 || Math.Sign(held.Quantity) == Math.Sign(signed);
        held.AveragePrice = grows ? ((held.AveragePrice * Math.Abs(held.Quantity)) + (price * quantity)) / Math.Abs(after)
            : after == 0 || Math.Sign(after) == Math.Sign(held.Quantity) ? held.AveragePrice : price;
        held.Quantity = after;
        order.Filled += quantity;
        order.FilledValue += quantity * price;
        order.Touch();
        Write(order, VenueEvent.Filled, signed);
        if (order.Remaining == 0)
        {
            End(order, OrderState.Filled, why: null);
        }
    }

    private void End(ModelOrder order, OrderState state, string? why, bool tell = true)
    {
        (order.State, order.EndedAt, order.CancelPending) = (state, World.Now, false);
        order.Reason = state == OrderState.Replaced ? "replaced" : why;
        order.Account.Close(order);
        order.Touch();
        if (state != OrderState.Filled)
        {
            var happened = state switch
            {
                OrderState.Cancelled => VenueEvent.Cancelled,
                OrderState.Replaced => VenueEvent.Replaced,
                _ => VenueEvent.Ended,
            };
            Write(order, happened, order.SignedRemaining, why: why);
        }

        if (tell)
        {
            Changed(order);
        }
    }

    private bool Faulty(VenueFault fault, ModelOrder order) => Strikes(fault, order.Account.Id, order.Account.Random);
}
