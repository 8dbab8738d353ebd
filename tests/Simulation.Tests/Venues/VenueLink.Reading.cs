using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <content>Reads.</content>
public sealed partial class VenueLink
{
    /// <summary>Its order is the same in every process that runs the seed; that of the default comparer is not.</summary>
    private static readonly ImmutableDictionary<OrderId, Reading<VenueOrderReport>> NoReadings =
        ImmutableDictionary.Create<OrderId, Reading<VenueOrderReport>>(SteadyOrderIds.Instance);

    private static readonly Reading<VenueOrderReport> NoSuchOrder = new Reading<VenueOrderReport>.Absent();

    /// <inheritdoc/>
    public ValueTask<ImmutableDictionary<OrderId, Reading<VenueOrderReport>>> FindOrdersAsync(
        AccountId account, ImmutableArray<OrderId> orders, CancellationToken cancellationToken) =>
        CallAsync(account, () => Found(account, orders), failure => AllUnreadable(orders, failure), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<ImmutableArray<VenueOrderReport>>> OpenOrdersAsync(AccountId account, CancellationToken cancellationToken) =>
        ListAsync(account, () => Open(account), cancellationToken, at => Venue.NoteRead(account, at));

    /// <inheritdoc/>
    public ValueTask<Reading<ImmutableArray<VenueOrderReport>>> WatchOrdersAsync(AccountId account, CancellationToken cancellationToken) =>
        OpenOrdersAsync(account, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<MarketClock>> ClockAsync(AccountId account, CancellationToken cancellationToken) =>
        ReadAsync(account, () => Venue.Clock, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<ImmutableArray<VenuePosition>>> PositionsAsync(AccountId account, CancellationToken cancellationToken) =>
        ListAsync(account, () => Positions(account), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The modelled venue keeps no money.</remarks>
    public ValueTask<Reading<VenueAccount>> AccountAsync(AccountId account, CancellationToken cancellationToken) =>
        ReadAsync(account, () => new VenueAccount(account, null, null, "USD"), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<decimal>> PriceAsync(AccountId account, Symbol symbol, CancellationToken cancellationToken) =>
        ReadAsync(account, () => Venue.Price(symbol), cancellationToken);

    private ValueTask<Reading<T>> ReadAsync<T>(AccountId account, Func<T> read, CancellationToken cancellationToken, Action<TimeSpan>? heard = null) =>
        CallAsync<Reading<T>>(
            account,
            () => new Reading<T>.Value(read()),
            static failure => new Reading<T>.Unreadable(failure.Phase, failure.Reason),
            cancellationToken,
            heard);

    private ValueTask<Reading<ImmutableArray<T>>> ListAsync<T>(
        AccountId account, Func<ImmutableArray<T>> read, CancellationToken cancellationToken, Action<TimeSpan>? heard = null) =>
        Bug == VenueBug.EmptyOnFailure
            ? CallAsync<Reading<ImmutableArray<T>>>(
                account, () => new Reading<ImmutableArray<T>>.Value(read()), static _ => new Reading<ImmutableArray<T>>.Value([]), cancellationToken, heard)
            : ReadAsync(account, read, cancellationToken, heard);

    private ImmutableArray<VenueOrderReport> Open(AccountId id)
    {
        var (account, now) = (Venue.Account(id), Venue.World.Now);
        var reports = ImmutableArray.CreateBuilder<VenueOrderReport>(account.Open.Count);
        foreach (var order in account.Open)
        {
            if (order.VisibleAt <= now && !IsHidden(order))
            {
                reports.Add(order.Report);
            }
        }

        return reports.DrainToImmutable();
    }

    /// <summary>A polled venue tells no prices with its positions.</summary>
    private ImmutableArray<VenuePosition> Positions(AccountId id)
    {
        var account = Venue.Account(id);
        var held = ImmutableArray.CreateBuilder<VenuePosition>(account.Positions.Count);
        foreach (var position in account.Positions)
        {
            if (position.Quantity != 0)
            {
                var symbol = position.Symbol.Symbol;
                held.Add(new(id, symbol, position.Quantity, position.AveragePrice, Description.PushesUpdates ? Venue.Price(symbol) : null));
            }
        }

        return held.DrainToImmutable();
    }

    private ImmutableDictionary<OrderId, Reading<VenueOrderReport>> Found(AccountId account, ImmutableArray<OrderId> orders)
    {
        if (orders.Length == 1)
        {
            return NoReadings.Add(orders[0], Find(account, orders[0]));
        }

        var readings = NoReadings.ToBuilder();
        foreach (var id in orders)
        {
            readings[id] = Find(account, id);
        }

        return readings.ToImmutable();
    }

    private Reading<VenueOrderReport> Find(AccountId account, OrderId id) =>
        Venue.Look(account, id.Value) is { } order && !IsHidden(order) ? new Reading<VenueOrderReport>.Value(order.Report) : NoSuchOrder;

    private bool IsHidden(ModelOrder order) => Bug == VenueBug.HidesStopOrders && order.WaitsForTrigger;

    private static ImmutableDictionary<OrderId, Reading<VenueOrderReport>> AllUnreadable(ImmutableArray<OrderId> orders, CallFailure failure)
    {
        var unreadable = new Reading<VenueOrderReport>.Unreadable(failure.Phase, failure.Reason);
        var readings = NoReadings.ToBuilder();
        foreach (var id in orders)
        {
            readings[id] = unreadable;
        }

        return readings.ToImmutable();
    }

    /// <summary>Compares ids by a hash that is not seeded anew in each process.</summary>
    private sealed class SteadyOrderIds : IEqualityComparer<OrderId>
    {
        public static SteadyOrderIds Instance { get; } = new();

        public bool Equals(OrderId x, OrderId y) => x == y;

        public int GetHashCode(OrderId obj)
        {
            var hash = 2166136261u;
            foreach (var c in obj.Value)
            {
                hash = unchecked((hash ^ c) * 16777619u);
            }

            return unchecked((int)hash);
        }
    }
}
