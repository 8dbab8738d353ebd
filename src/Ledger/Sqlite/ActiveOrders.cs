using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Where to look for the active orders of a user, a strategy, a symbol or a partition: an index kept in memory.</summary>
/// <remarks>
/// Indexes in the file cost one page of four kilobytes per order and index, as users and symbols come in no order; that is
/// most of what an admission costs. This one only says where to look, and every row is looked at: a number too many does no
/// harm. So that none is missing, an order is added before the commit that makes it active and removed after the one that
/// ends it. Orders of other processes are found by their numbers, and what cannot be found so sets <see cref="Trust"/> off.
/// </remarks>
internal sealed partial class ActiveOrders
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<long>>[] _byUser =
        [.. Enumerable.Range(0, Partitions.Count).Select(_ => new Dictionary<string, HashSet<long>>(StringComparer.Ordinal))];

    private readonly Dictionary<string, HashSet<long>> _byStrategy = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<long>> _bySymbol = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Account, string VenueOrderId), long> _byVenue = [];
    private readonly Dictionary<string, RememberedOrder> _traces = new(StringComparer.Ordinal);
    private readonly Dictionary<long, UserId> _unclear = [];
    private long _upto;
    private long _reopened = -1;

    /// <summary>Begins afresh with these orders.</summary>
    public void Reload(IEnumerable<Order> orders, GateState gate)
    {
        Order[] all = [.. orders]; // Read to the end first: a file that breaks meanwhile must not cost what memory knows.
        lock (_lock)
        {
            foreach (var index in _byUser.Append(_byStrategy).Append(_bySymbol))
            {
                index.Clear();
            }

            _byVenue.Clear();
            _traces.Clear();
            _unclear.Clear();
            foreach (var order in all)
            {
                AddLocked(order);
            }

            (_upto, _reopened) = (gate.Number, gate.Reopened);
        }
    }

    /// <summary>Adds an order that is about to be active.</summary>
    /// <returns>False when it was there already.</returns>
    public bool Add(Order order)
    {
        lock (_lock)
        {
            var isNew = !_traces.ContainsKey(order.Id.Value);
            AddLocked(order);
            _upto = Math.Max(_upto, order.Number);
            return isNew;
        }
    }

    /// <summary>Removes an order whose end is committed.</summary>
    public void Remove(Order order)
    {
        lock (_lock)
        {
            Remove(_byUser[Partitions.Of(order.Terms.User)], order.Terms.User.Value, order.Number);
            Remove(_bySymbol, order.Terms.Symbol.Value, order.Number);
            _traces.Remove(order.Id.Value);
            _unclear.Remove(order.Number);
            if (order.Terms.Strategy is { } strategy)
            {
                Remove(_byStrategy, strategy.Value, order.Number);
            }

            // A venue may use an id again: what another order has by now stays.
            if (order.VenueOrderId is { } venueOrderId && _byVenue.TryGetValue((order.Account.Value, venueOrderId), out var number) && number == order.Number)
            {
                _byVenue.Remove((order.Account.Value, venueOrderId));
            }
        }
    }

    /// <summary>The fate of these is clear, and that is committed; it never becomes unclear again.</summary>
    public void Clear(List<long> numbers)
    {
        if (numbers.Count > 0)
        {
            lock (_lock)
            {
                numbers.ForEach(number => _unclear.Remove(number));
            }
        }
    }

    /// <summary>Where to look for orders of unclear fate, and whose they are.</summary>
    /// <returns>The numbers; beyond <c>Upto</c> the file itself must be searched.</returns>
    public (List<(UserId User, long Number)> Orders, long Upto) Unclear(long upTo)
    {
        var found = new List<(UserId, long)>();
        lock (_lock)
        {
            foreach (var (number, user) in _unclear)
            {
                if (number <= upTo)
                {
                    found.Add((user, number));
                }
            }

            return (found, _upto);
        }
    }

    /// <summary>Says up to which number, and as of which reopening, nothing is missing; -1 trusts nothing until the next reload.</summary>
    public void Trust(long upto, long reopened)
    {
        lock (_lock)
        {
            (_upto, _reopened) = (upto, reopened);
        }
    }

    /// <summary>Where to look for the orders of a target, in order of number.</summary>
    /// <returns>The numbers; beyond <c>Upto</c>, or with another count of reopenings, the file itself must be searched.</returns>
    public (long[] Numbers, long Upto, long Reopened) Of(StopTarget target, int? partition, long below)
    {
        var found = new List<long>();
        long upto;
        long reopened;
        lock (_lock)
        {
            (upto, reopened) = (_upto, _reopened);
            Take(found, Sets(target, partition), below);
        }

        var numbers = found.ToArray();
        Array.Sort(numbers);
        return (numbers, upto, reopened);
    }

    /// <summary>Where to look for an order by the venue's id.</summary>
    public long? OfVenue(AccountId account, string venueOrderId)
    {
        lock (_lock)
        {
            return _byVenue.TryGetValue((account.Value, venueOrderId), out var number) ? number : null;
        }
    }

    /// <summary>The highest number that it knows of.</summary>
    public long Upto
    {
        get
        {
            lock (_lock)
            {
                return _upto;
            }
        }
    }

    /// <summary>What is known of an order, without its row.</summary>
    public RememberedOrder? Recall(OrderId order)
    {
        lock (_lock)
        {
            return _traces.GetValueOrDefault(order.Value);
        }
    }

    /// <summary>Users with active orders, all or those of one strategy.</summary>
    public ImmutableArray<UserId> Users(StrategyId? strategy)
    {
        lock (_lock)
        {
            return [.. _traces.Values.Where(t => strategy is null || t.Strategy == strategy).Select(t => t.User).Distinct()];
        }
    }

    private static void Take(List<long> found, IEnumerable<HashSet<long>> sets, long below)
    {
        foreach (var set in sets)
        {
            foreach (var number in set)
            {
                if (number < below)
                {
                    found.Add(number);
                }
            }
        }
    }

    private static void Add(Dictionary<string, HashSet<long>> index, string key, long number)
    {
        if (!index.TryGetValue(key, out var numbers))
        {
            index.Add(key, numbers = []);
        }

        numbers.Add(number);
    }

    private static void Remove(Dictionary<string, HashSet<long>> index, string key, long number)
    {
        if (index.TryGetValue(key, out var numbers) && numbers.Remove(number) && numbers.Count == 0)
        {
            index.Remove(key);
        }
    }

    private static IEnumerable<HashSet<long>> One(Dictionary<string, HashSet<long>> index, string key) =>
        index.TryGetValue(key, out var numbers) ? [numbers] : [];

    private IEnumerable<HashSet<long>> Sets(StopTarget target, int? partition) => target switch
    {
        { User: { } user } => One(_byUser[Partitions.Of(user)], user.Value),
        { Strategy: { } strategy } => One(_byStrategy, strategy.Value),
        { Symbol: { } symbol } => One(_bySymbol, symbol.Value),
        _ => partition is { } slice ? _byUser[slice].Values : _byUser.SelectMany(users => users.Values),
    };

    private void AddLocked(Order order)
    {
        _traces[order.Id.Value] = new(order.Terms.User, order.Terms.Strategy, order.Terms.Protective, order.Origin == OrderOrigin.Closing, order.Number, order.Origin == OrderOrigin.Adopted);
        Add(_byUser[Partitions.Of(order.Terms.User)], order.Terms.User.Value, order.Number);
        Add(_bySymbol, order.Terms.Symbol.Value, order.Number);
        if (order.State is OrderState.InFlight or OrderState.Unknown)
        {
            _unclear[order.Number] = order.Terms.User;
        }

        if (order.Terms.Strategy is { } strategy)
        {
            Add(_byStrategy, strategy.Value, order.Number);
        }

        if (order.VenueOrderId is { } venueOrderId)
        {
            _byVenue[(order.Account.Value, venueOrderId)] = order.Number;
        }
    }
}
