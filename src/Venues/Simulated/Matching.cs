using EmergencyStop.Orders;

namespace EmergencyStop.Venues.Simulated;

/// <summary>The rules by which orders trade, for one book whose lock is held.</summary>
/// <remarks>
/// Orders trade with each other by price, then time, at the resting order's price. Besides, a market maker trades at
/// the last price, up to a quantity per order and occasion; without a bound (the default) every marketable order fills
/// at once. The maker meets resting orders when the price moves across them, at their limit.
/// </remarks>
/// <param name="makerQuantity">The most the maker trades with one order on one occasion; 0 for no maker.</param>
/// <param name="ended">Told of each order that has ended.</param>
/// <param name="nextRank">Draws the next place in time priority.</param>
internal sealed class Matching(decimal makerQuantity, Action<SimulatedOrder> ended, Func<long> nextRank)
{
    /// <summary>Cash is exact to this many decimals, so that what one side pays is what the other gets.</summary>
    private const int CashDecimals = 9;

    /// <summary>An order enters the book.</summary>
    public void Arrive(SimulatedOrder order)
    {
        order.Rank = nextRank();
        order.HighWater = order.Book.Last;
        order.Book.Touch(order);
        if (order.WaitsForTrigger && !order.Book.IsTriggered(order))
        {
            order.Book.Add(order);
            return;
        }

        order.Triggered = order.Request.Trigger is not null;
        Take(order);
        TriggerStops(order.Book);
    }

    /// <summary>An order enters the book of a closed market: it waits for the opening.</summary>
    public void Queue(SimulatedOrder order)
    {
        order.Rank = nextRank();
        order.HighWater = order.Book.Last;
        order.Book.Touch(order);
        order.Book.Add(order);
    }

    /// <summary>The market opens: what rests trades as if it came now, oldest first.</summary>
    public void Reopen(Book book)
    {
        foreach (var order in book.All.Where(order => !order.WaitsForTrigger).OrderBy(order => order.Rank).ToArray())
        {
            if (order.Status.IsOpen() && book.Remove(order))
            {
                Take(order);
            }
        }

        TriggerStops(book);
    }

    /// <summary>Fills what is left, at its limit or the last price.</summary>
    public void FillNow(SimulatedOrder order)
    {
        var price = order.Limit ?? order.Book.Last;
        var quantity = Tradable(order);
        if (quantity > 0)
        {
            order.Book.Remove(order);
            var value = Math.Round(quantity * price, CashDecimals);
            order.Book.MakerQuantity += order.IsBuy ? -quantity : quantity;
            order.Book.MakerCash += order.IsBuy ? value : -value;
            Fill(order, quantity, price, value);
            Rest(order, wasResting: false);
        }
    }

    /// <summary>The market moves to a price.</summary>
    public void Move(Book book, decimal price)
    {
        book.MoveTo(price);
        foreach (var order in book.RestingThatAccept(price))
        {
            TradeWithMaker(order, order.Limit ?? price);
            Rest(order, wasResting: true);
        }

        TriggerStops(book);
    }

    /// <summary>Ends an order that is in the book or about to be.</summary>
    public void End(SimulatedOrder order, SimulatedStatus status, string? reason)
    {
        order.Book.Remove(order);
        order.Status = status;
        order.Reason = reason;
        order.Book.Touch(order);
        ended(order);
    }

    private void TriggerStops(Book book)
    {
        // Bounded by the stops there are: each leaves its waiting place for good.
        while (book.NextTriggered() is { } order)
        {
            book.Remove(order);
            order.Triggered = true;
            order.Rank = nextRank();
            book.Touch(order);
            Take(order);
        }
    }

    /// <summary>Trades an order against what is there, and rests or ends what remains.</summary>
    private void Take(SimulatedOrder order)
    {
        var book = order.Book;
        if (order.Request.TimeInForce == TimeInForce.Fok && Available(order) < order.Remaining)
        {
            End(order, SimulatedStatus.Canceled, "fill or kill: not enough to trade with");
            return;
        }

        // Bounded by the resting orders: each pass fills one of the two or ends the loop.
        var makerAsked = false;
        while (Tradable(order) > 0)
        {
            var best = order.IsBuy ? book.BestAsk : book.BestBid;
            var crosses = best is not null && Crosses(order, best);
            var bestBeatsMaker = crosses && (best!.Limit is not { } limit || (order.IsBuy ? limit <= book.Last : limit >= book.Last));
            if (!bestBeatsMaker && !makerAsked && order.Accepts(book.Last))
            {
                makerAsked = true;
                TradeWithMaker(order, book.Last);
            }
            else if (crosses)
            {
                Trade(order, best!); // crosses says that there is one.
            }
            else
            {
                break;
            }
        }

        Rest(order, wasResting: false);
    }

    private void Rest(SimulatedOrder order, bool wasResting)
    {
        if (!order.Status.IsOpen())
        {
            return;
        }

        if (order.Request.ReduceOnly && Tradable(order) == 0)
        {
            End(order, SimulatedStatus.Canceled, "reduce-only: no position is left to reduce");
        }
        else if (order.Request.TimeInForce is TimeInForce.Ioc or TimeInForce.Fok)
        {
            End(order, SimulatedStatus.Canceled, "immediate or cancel: the rest could not trade");
        }
        else if (!wasResting)
        {
            order.Book.Add(order);
        }
    }

    private static bool Crosses(SimulatedOrder order, SimulatedOrder best) =>
        best.Limit is not { } price || order.Accepts(price);

    /// <summary>What could trade at once, for fill or kill.</summary>
    private decimal Available(SimulatedOrder order)
    {
        var available = order.Accepts(order.Book.Last) ? makerQuantity : 0;
        foreach (var other in order.Book.Against(order))
        {
            if (available >= order.Remaining || !Crosses(order, other))
            {
                break;
            }

            // Reduce-only orders may shrink under each other; not counting them kills rather than half fills.
            available += other.Request.ReduceOnly ? 0 : other.Remaining;
        }

        return order.Request.ReduceOnly ? Math.Min(available, Tradable(order)) : available;
    }

    /// <summary>What may trade: never past zero where only reducing is allowed (F18).</summary>
    private static decimal Tradable(SimulatedOrder order)
    {
        if (!order.Request.ReduceOnly)
        {
            return order.Remaining;
        }

        var held = order.Account.Quantity(order.Book.Symbol);
        return Math.Min(order.Remaining, Math.Max(0, order.IsBuy ? -held : held));
    }

    private void Trade(SimulatedOrder taker, SimulatedOrder resting)
    {
        var book = taker.Book;
        var quantity = Math.Min(Tradable(taker), Tradable(resting));
        if (quantity == 0)
        {
            End(resting, SimulatedStatus.Canceled, "reduce-only: no position is left to reduce");
            return;
        }

        // Two market orders meet at the last price; against a limit, never beyond it.
        var price = resting.Limit ?? (taker.Accepts(book.Last) ? book.Last : taker.Limit ?? book.Last);
        var value = Math.Round(quantity * price, CashDecimals);
        Fill(taker, quantity, price, value);
        Fill(resting, quantity, price, value);
        book.MoveTo(price);
    }

    private void TradeWithMaker(SimulatedOrder order, decimal price)
    {
        var quantity = Math.Min(Tradable(order), makerQuantity);
        if (quantity > 0)
        {
            var value = Math.Round(quantity * price, CashDecimals);
            order.Book.MakerQuantity += order.IsBuy ? -quantity : quantity;
            order.Book.MakerCash += order.IsBuy ? value : -value;
            Fill(order, quantity, price, value);
        }
    }

    private void Fill(SimulatedOrder order, decimal quantity, decimal price, decimal value)
    {
        order.Filled += quantity;
        order.FilledValue += value;
        order.Account.Trade(order.Book.Symbol, order.IsBuy ? quantity : -quantity, price, value);
        order.Book.Touch(order);
        if (order.Remaining == 0)
        {
            End(order, SimulatedStatus.Filled, reason: null);
        }
        else if (order.Status == SimulatedStatus.New)
        {
            order.Status = SimulatedStatus.PartiallyFilled;
        }
    }
}
