using System.Collections.Immutable;
using System.Diagnostics;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues.Sending;

namespace EmergencyStop.Venues.Telemetry;

/// <summary>A venue whose calls are measured; it changes nothing about them.</summary>
internal sealed class MeasuredVenue(IVenue venue) : IVenue, IDisposable
{
    /// <inheritdoc/>
    public VenueDescription Description => venue.Description;

    /// <inheritdoc/>
    public VenueHealth Health => venue.Health;

    /// <inheritdoc/>
    public ValueTask<PlaceOutcome> PlaceAsync(VenueOrder order, ISendPermit permit, CancellationToken cancellationToken) =>
        MeasureAsync("place", (venue, order, permit), static (s, t) => s.venue.PlaceAsync(s.order, s.permit, t), Word, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<PlaceOutcome> ReplaceAsync(VenueReplacement replacement, ISendPermit permit, CancellationToken cancellationToken) =>
        MeasureAsync("replace", (venue, replacement, permit), static (s, t) => s.venue.ReplaceAsync(s.replacement, s.permit, t), Word, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CancelOutcome> CancelAsync(AccountId account, OrderId order, string? venueOrderId, CancellationToken cancellationToken) =>
        MeasureAsync("cancel", (venue, account, order, venueOrderId), static (s, t) => s.venue.CancelAsync(s.account, s.order, s.venueOrderId, t), Word, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<MassCancelOutcome> CancelAllAsync(AccountId account, ISendPermit permit, CancellationToken cancellationToken) =>
        MeasureAsync("cancel_all", (venue, account, permit), static (s, t) => s.venue.CancelAllAsync(s.account, s.permit, t), Word, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ImmutableDictionary<OrderId, Reading<VenueOrderReport>>> FindOrdersAsync(
        AccountId account, ImmutableArray<OrderId> orders, CancellationToken cancellationToken) =>
        MeasureAsync("find_orders", (venue, account, orders), static (s, t) => s.venue.FindOrdersAsync(s.account, s.orders, t), Word, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<ImmutableArray<VenueOrderReport>>> OpenOrdersAsync(AccountId account, CancellationToken cancellationToken) =>
        MeasureAsync("open_orders", (venue, account), static (s, t) => s.venue.OpenOrdersAsync(s.account, t), Word, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<ImmutableArray<VenueOrderReport>>> WatchOrdersAsync(AccountId account, CancellationToken cancellationToken) =>
        MeasureAsync("watch_orders", (venue, account), static (s, t) => s.venue.WatchOrdersAsync(s.account, t), Word, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<MarketClock>> ClockAsync(AccountId account, CancellationToken cancellationToken) =>
        MeasureAsync("clock", (venue, account), static (s, t) => s.venue.ClockAsync(s.account, t), Word, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<ImmutableArray<VenuePosition>>> PositionsAsync(AccountId account, CancellationToken cancellationToken) =>
        MeasureAsync("positions", (venue, account), static (s, t) => s.venue.PositionsAsync(s.account, t), Word, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<VenueAccount>> AccountAsync(AccountId account, CancellationToken cancellationToken) =>
        MeasureAsync("account", (venue, account), static (s, t) => s.venue.AccountAsync(s.account, t), Word, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<decimal>> PriceAsync(AccountId account, Symbol symbol, CancellationToken cancellationToken) =>
        MeasureAsync("price", (venue, account, symbol), static (s, t) => s.venue.PriceAsync(s.account, s.symbol, t), Word, cancellationToken);

    /// <inheritdoc/>
    public void Subscribe(IVenueObserver observer) => venue.Subscribe(observer);

    /// <inheritdoc/>
    public void Dispose() => (venue as IDisposable)?.Dispose();

    private static async ValueTask<T> MeasureAsync<TState, T>(
        string operation, TState state, Func<TState, CancellationToken, ValueTask<T>> call, Func<T, (string, bool)> word, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var span = VenueMeasures.Start(operation);
        try
        {
            var answer = await call(state, cancellationToken);
            var (outcome, failed) = word(answer);
            VenueMeasures.Ended(span, operation, outcome, start, failed);
            return answer;
        }
        catch
        {
            VenueMeasures.Ended(span, operation, "threw", start, failed: true);
            throw;
        }
    }

    private static (string Outcome, bool Failed) Word(PlaceOutcome outcome) => outcome switch
    {
        PlaceOutcome.Accepted => ("accepted", false),
        PlaceOutcome.Rejected => ("rejected", false),
        PlaceOutcome.NotSent => ("not_sent", false),
        _ => ("unknown", true),
    };

    private static (string Outcome, bool Failed) Word(CancelOutcome outcome) => outcome switch
    {
        CancelOutcome.Reported => ("reported", false),
        CancelOutcome.Accepted => ("accepted", false),
        CancelOutcome.NotCancelable => ("not_cancelable", false),
        CancelOutcome.NotFound => ("not_found", false),
        _ => ("unknown", true),
    };

    private static (string Outcome, bool Failed) Word(MassCancelOutcome outcome) => outcome switch
    {
        MassCancelOutcome.Answered => ("answered", false),
        MassCancelOutcome.NotSent => ("not_sent", false),
        _ => ("unknown", true),
    };

    private static (string Outcome, bool Failed) Word<T>(Reading<T> reading) => reading switch
    {
        Reading<T>.Value => ("value", false),
        Reading<T>.Absent => ("absent", false),
        _ => ("unreadable", true),
    };

    private static (string Outcome, bool Failed) Word(ImmutableDictionary<OrderId, Reading<VenueOrderReport>> readings) =>
        readings.Values.Any(static r => r is Reading<VenueOrderReport>.Unreadable) ? ("unreadable", true) : ("value", false);
}
