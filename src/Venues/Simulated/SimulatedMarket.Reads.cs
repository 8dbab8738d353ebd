using System.Collections.Immutable;
using EmergencyStop.Ids;

namespace EmergencyStop.Venues.Simulated;

/// <content>What can be seen of the market. Orders that are not accepted yet are not seen.</content>
public sealed partial class SimulatedMarket
{
    /// <summary>Every account that has been used.</summary>
    public IEnumerable<AccountId> Accounts => _accounts.Keys.OrderBy(id => id.Value, StringComparer.Ordinal);

    /// <summary>One order by the market's id.</summary>
    public SimulatedOrderView? Find(AccountId account, string venueOrderId) => Seen(Lookup(account, venueOrderId));

    /// <summary>One order by the caller's id.</summary>
    public SimulatedOrderView? FindByClientId(AccountId account, string clientOrderId) =>
        Seen(AccountOf(account).Find(clientOrderId));

    /// <summary>The open orders of an account, oldest first.</summary>
    public ImmutableArray<SimulatedOrderView> OpenOrders(AccountId account) =>
        [.. SeenAll(AccountOf(account).Open()).Where(order => order.Status.IsOpen())];

    /// <summary>Every order of an account that is remembered, one at a time.</summary>
    /// <param name="account">The account.</param>
    /// <param name="query">Which of them, in which order; by default all of them, oldest first.</param>
    public IEnumerable<SimulatedOrderView> Orders(AccountId account, SimulatedOrderQuery? query = null)
    {
        query ??= new();
        var orders = query.OpenOnly ? AccountOf(account).Open() : AccountOf(account).History();
        IEnumerable<SimulatedOrder> inOrder = query.NewestFirst ? orders.Reverse() : orders;
        return SeenAll(inOrder.Where(order =>
                (query.After is null || order.SubmittedAt > query.After) && (query.Until is null || order.SubmittedAt < query.Until)))
            .Where(order => !query.OpenOnly || order.Status.IsOpen());
    }

    /// <summary>The positions of an account.</summary>
    public ImmutableArray<VenuePosition> Positions(AccountId account) =>
        [.. AccountOf(account).Holdings().Select(pair =>
            new VenuePosition(account, pair.Symbol, pair.Holding.Quantity, pair.Holding.AveragePrice, Price(pair.Symbol)))];

    /// <summary>The cash of an account.</summary>
    public decimal Cash(AccountId account) => AccountOf(account).Cash;

    /// <summary>When the account was first used.</summary>
    public DateTimeOffset CreatedAt(AccountId account) => AccountOf(account).CreatedAt;

    /// <summary>The last price of a symbol.</summary>
    public decimal Price(Symbol symbol)
    {
        var book = BookOf(symbol);
        lock (book.Gate)
        {
            return book.Last;
        }
    }

    /// <summary>What the market maker holds and has been paid for one symbol: the other side of every trade without an order.</summary>
    public (decimal Quantity, decimal Cash) Maker(Symbol symbol)
    {
        var book = BookOf(symbol);
        lock (book.Gate)
        {
            return (book.MakerQuantity, book.MakerCash);
        }
    }

    /// <summary>The best prices that rest; <c>null</c> for none, or for the rest of a market order.</summary>
    public (decimal? Bid, decimal? Ask) BestPrices(Symbol symbol)
    {
        var book = BookOf(symbol);
        lock (book.Gate)
        {
            return (book.BestBid?.Limit, book.BestAsk?.Limit);
        }
    }

    private IEnumerable<SimulatedOrderView> SeenAll(IEnumerable<SimulatedOrder> orders)
    {
        foreach (var order in orders)
        {
            if (Seen(order) is { } view)
            {
                yield return view;
            }
        }
    }

    private SimulatedOrderView? Seen(SimulatedOrder? order)
    {
        if (order is null)
        {
            return null;
        }

        lock (order.Book.Gate)
        {
            return order.Status == SimulatedStatus.Received ? null : View(order);
        }
    }
}
