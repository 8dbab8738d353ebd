using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>The orders' rows, and where to look for the active ones.</content>
public sealed partial class ModelStore
{
    private const long MostScanned = 100_000;
    private readonly List<Order> _orders = []; // By number, as none is ever removed.
    private readonly Dictionary<string, int> _orderPlaces = new(StringComparer.Ordinal);
    private readonly Dictionary<(string User, string Client), int> _clientPlaces = [];
    private readonly Dictionary<string, List<int>> _replacers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Book> _books = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Account, string Venue), int> _activeByVenue = [];
    private readonly Dictionary<(string Account, string Venue), int> _adopted = [];

    /// <summary>Every order, ended ones included, by number.</summary>
    public IReadOnlyList<Order> Orders => _orders;

    /// <summary>One order.</summary>
    public Order? FindOrder(OrderId order) => _orderPlaces.TryGetValue(order.Value, out var place) ? _orders[place] : null;

    /// <summary>One order by its caller's own name.</summary>
    public Order? FindOrder(UserId user, ClientOrderId clientOrderId) =>
        _clientPlaces.TryGetValue((user.Value, clientOrderId.Value), out var place) ? _orders[place] : null;

    /// <summary>The active orders of a target, by number.</summary>
    public ImmutableArray<Order> ActiveOrders(StopTarget target)
    {
        var found = new List<Order>();
        TakeActive(found, target, null, long.MaxValue);
        if (target.User is null)
        {
            found.Sort(static (a, b) => a.Number.CompareTo(b.Number));
        }

        return [.. found];
    }

    /// <summary>Users with active orders, by id.</summary>
    public ImmutableArray<UserId> UsersWithActiveOrders(UserId? after, int limit) =>
    [
        .. _books.Values.Where(b => b.Active.Count > 0 && (after is not { } last || string.CompareOrdinal(b.User.Value, last.Value) > 0))
            .Take(limit).Select(b => b.User),
    ];

    /// <summary>Users with orders of unclear fate, by id.</summary>
    public ImmutableArray<UserId> UsersWithUnclearOrders(long upTo, UserId? after, int limit)
    {
        var found = ImmutableArray.CreateBuilder<UserId>();
        foreach (var book in _books.Values)
        {
            if (found.Count < limit && (after is not { } last || string.CompareOrdinal(book.User.Value, last.Value) > 0)
                && book.Active.Exists(p => _orders[p].Number <= upTo && _orders[p].State is OrderState.InFlight or OrderState.Unknown))
            {
                found.Add(book.User);
            }
        }

        return found.ToImmutable();
    }

    /// <summary>A page of orders, newest first.</summary>
    public Page<Order> OrdersPage(OrderQuery query, long before, int limit)
    {
        var from = query.ActiveOnly ? before : Math.Min(before, Number + 1);
        var end = query.ActiveOnly ? 0 : Math.Max(0, from - MostScanned);
        var rows = new List<Order>();
        for (var i = _orders.Count - 1; i >= 0 && rows.Count <= limit && _orders[i].Number >= end; i--)
        {
            var order = _orders[i];
            if (order.Number < from && (!query.ActiveOnly || order.State.IsActive()) && Matches(order, query))
            {
                rows.Add(order);
            }
        }

        return rows.Count > limit
            ? new([.. rows.Take(limit)], Cursor.Of(rows[limit - 1].Number))
            : new([.. rows], end > 1 ? Cursor.Of(end) : null);
    }

    /// <summary>What memory holds of an active order.</summary>
    public RememberedOrder? Recall(OrderId order) => FindOrder(order) is { } found && found.State.IsActive()
        ? new(found.Terms.User, found.Terms.Strategy, found.Terms.Protective, found.Origin == OrderOrigin.Closing, found.Number, found.Origin == OrderOrigin.Adopted)
        : null;

    /// <summary>Users with active orders, all or those of one strategy.</summary>
    public ImmutableArray<UserId> RememberedUsers(StrategyId? strategy) =>
    [
        .. _books.Values.Where(b => b.Active.Count > 0 && (strategy is null || b.Active.Exists(p => _orders[p].Terms.Strategy == strategy)))
            .Select(b => b.User),
    ];

    private static bool Matches(Order order, OrderQuery query) =>
        (query.User is null || order.Terms.User == query.User)
        && (query.Strategy is null || order.Terms.Strategy == query.Strategy)
        && (query.Symbol is null || order.Terms.Symbol == query.Symbol);

    private void TakeActive(List<Order> found, StopTarget target, int? partition, long below)
    {
        if (target.User is { } user)
        {
            if (_books.TryGetValue(user.Value, out var book))
            {
                Take(found, book, target, partition, below);
            }

            return;
        }

        foreach (var book in _books.Values)
        {
            Take(found, book, target, partition, below);
        }
    }

    private void Take(List<Order> found, Book book, StopTarget target, int? partition, long below)
    {
        if (partition is { } slice && slice != book.Partition)
        {
            return;
        }

        foreach (var place in book.Active)
        {
            var order = _orders[place];
            if (order.Number < below && target.Covers(order.Terms))
            {
                found.Add(order);
            }
        }
    }

    /// <summary>The row that stands for the same order: of its id, or of its caller's own name for it.</summary>
    private Order? FindSame(NewOrder order) => FindOrder(order.Id)
        ?? (order.Terms.ClientOrderId is { } clientOrderId ? FindOrder(order.Terms.User, clientOrderId) : null);

    /// <summary>Inserts a row of which nothing unique is there.</summary>
    private void Insert(Order row)
    {
        var place = _orders.Count;
        _orders.Add(row);
        _orderPlaces.Add(row.Id.Value, place);
        if (row.Terms.ClientOrderId is { } clientOrderId)
        {
            _clientPlaces.Add((row.Terms.User.Value, clientOrderId.Value), place);
        }

        if (row.Replaces is { } old)
        {
            if (!_replacers.TryGetValue(old.Value, out var replacers))
            {
                _replacers.Add(old.Value, replacers = []);
            }

            replacers.Add(place);
        }

        if (row.State.IsActive())
        {
            Begin(place, row);
        }

        Tell(OrderChange.Of(row));
    }

    /// <summary>Writes what evidence has changed.</summary>
    private void Update(Order before, Order after)
    {
        var place = _orderPlaces[after.Id.Value];
        _orders[place] = after;
        if (!after.State.IsActive())
        {
            End(place, after);
        }
        else if (!before.State.IsActive() || before.VenueOrderId != after.VenueOrderId)
        {
            Begin(place, after);
        }

        Tell(OrderChange.Between(before, after));
    }

    private void Begin(int place, Order order)
    {
        var user = order.Terms.User;
        if (!_books.TryGetValue(user.Value, out var book))
        {
            _books.Add(user.Value, book = new(user));
        }

        var at = book.Active.BinarySearch(place);
        if (at < 0)
        {
            book.Active.Insert(~at, place);
        }

        if (order.VenueOrderId is { } venueOrderId)
        {
            _activeByVenue[(order.Account.Value, venueOrderId)] = place;
        }
    }

    private void End(int place, Order order)
    {
        if (_books.TryGetValue(order.Terms.User.Value, out var book) && book.Active.BinarySearch(place) is >= 0 and var at)
        {
            book.Active.RemoveAt(at);
        }

        if (order.VenueOrderId is { } venueOrderId && _activeByVenue.GetValueOrDefault((order.Account.Value, venueOrderId), -1) == place)
        {
            _activeByVenue.Remove((order.Account.Value, venueOrderId));
        }
    }

    /// <summary>One user's active orders, by number.</summary>
    private sealed class Book(UserId user)
    {
        public UserId User { get; } = user;

        public int Partition { get; } = Partitions.Of(user);

        public List<int> Active { get; } = [];
    }
}
