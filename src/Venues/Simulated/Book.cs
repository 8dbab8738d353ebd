using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Venues.Simulated;

/// <summary>The orders of one symbol: those that rest, those that wait for a price, and the last price.</summary>
/// <remarks>A container only; <see cref="Matching"/> has the rules. Everything in it is guarded by <see cref="Gate"/>.</remarks>
internal sealed class Book(Symbol symbol, decimal startPrice)
{
    private readonly SortedSet<SimulatedOrder> _bids = new(new ByPrice(dearestFirst: true));
    private readonly SortedSet<SimulatedOrder> _asks = new(new ByPrice(dearestFirst: false));
    private readonly SortedSet<SimulatedOrder> _buyStops = new(new ByTrigger(dearestFirst: false));
    private readonly SortedSet<SimulatedOrder> _sellStops = new(new ByTrigger(dearestFirst: true));
    private readonly SortedSet<SimulatedOrder> _trailing = new(new ByRank());

    public Lock Gate { get; } = new();

    public Symbol Symbol { get; } = symbol;

    public decimal Last { get; private set; } = startPrice;

    /// <summary>The orders that the operation under way has changed.</summary>
    public List<SimulatedOrder> Touched { get; } = [];

    /// <summary>What the market maker holds and has been paid; the other side of every trade that has no order.</summary>
    public decimal MakerQuantity { get; set; }

    public decimal MakerCash { get; set; }

    public SimulatedOrder? BestBid => _bids.Min;

    public SimulatedOrder? BestAsk => _asks.Min;

    public IEnumerable<SimulatedOrder> All => _bids.Concat(_asks).Concat(_buyStops).Concat(_sellStops).Concat(_trailing);

    /// <summary>Resting orders on the other side, best first.</summary>
    public IEnumerable<SimulatedOrder> Against(SimulatedOrder order) => order.IsBuy ? _asks : _bids;

    /// <summary>Resting orders that would trade at this price, best first; a copy, as trading changes the book.</summary>
    public SimulatedOrder[] RestingThatAccept(decimal price) =>
        [.. _bids.TakeWhile(order => order.Accepts(price)), .. _asks.TakeWhile(order => order.Accepts(price))];

    public void Add(SimulatedOrder order) => HomeOf(order).Add(order);

    public bool Remove(SimulatedOrder order) => HomeOf(order).Remove(order);

    public void Touch(SimulatedOrder order)
    {
        if (!order.Touched)
        {
            order.Touched = true;
            Touched.Add(order);
        }
    }

    /// <summary>A new last price: trailing stops follow it.</summary>
    public void MoveTo(decimal price)
    {
        Last = price;
        foreach (var order in _trailing)
        {
            order.HighWater = order.IsBuy ? Math.Min(order.HighWater, price) : Math.Max(order.HighWater, price);
        }
    }

    /// <summary>The next stop that the last price sets off.</summary>
    public SimulatedOrder? NextTriggered()
    {
        if (_buyStops.Min is { } buy && IsTriggered(buy))
        {
            return buy;
        }

        if (_sellStops.Min is { } sell && IsTriggered(sell))
        {
            return sell;
        }

        return _trailing.FirstOrDefault(IsTriggered);
    }

    public bool IsTriggered(SimulatedOrder order) =>
        order.IsBuy ? Last >= order.TriggerPrice : Last <= order.TriggerPrice;

    private SortedSet<SimulatedOrder> HomeOf(SimulatedOrder order)
    {
        if (!order.WaitsForTrigger)
        {
            return order.IsBuy ? _bids : _asks;
        }

        return order.Request.Type == OrderType.TrailingStop ? _trailing : order.IsBuy ? _buyStops : _sellStops;
    }

    private static int ByRankOf(SimulatedOrder? left, SimulatedOrder? right) => (left?.Rank ?? 0).CompareTo(right?.Rank ?? 0);

    /// <summary>Price, then time. What remains of a market order goes first.</summary>
    private sealed class ByPrice(bool dearestFirst) : IComparer<SimulatedOrder>
    {
        private readonly decimal _market = dearestFirst ? decimal.MaxValue : decimal.MinValue;

        public int Compare(SimulatedOrder? x, SimulatedOrder? y)
        {
            var byPrice = (x?.Limit ?? _market).CompareTo(y?.Limit ?? _market);
            return byPrice == 0 ? ByRankOf(x, y) : dearestFirst ? -byPrice : byPrice;
        }
    }

    private sealed class ByTrigger(bool dearestFirst) : IComparer<SimulatedOrder>
    {
        public int Compare(SimulatedOrder? x, SimulatedOrder? y)
        {
            var byPrice = (x?.TriggerPrice ?? 0).CompareTo(y?.TriggerPrice ?? 0);
            return byPrice == 0 ? ByRankOf(x, y) : dearestFirst ? -byPrice : byPrice;
        }
    }

    private sealed class ByRank : IComparer<SimulatedOrder>
    {
        public int Compare(SimulatedOrder? x, SimulatedOrder? y) => ByRankOf(x, y);
    }
}
