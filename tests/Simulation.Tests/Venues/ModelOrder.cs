using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>An order at the model venue. The venue alone changes it.</summary>
public sealed class ModelOrder(ModelAccount account, ModelSymbol symbol, string clientOrderId, string venueOrderId, ModelTerms terms)
{
    private VenueOrderReport? _report;

    public ModelAccount Account { get; } = account;

    public ModelSymbol Symbol { get; } = symbol;

    public string ClientOrderId { get; } = clientOrderId;

    public string VenueOrderId { get; } = venueOrderId;

    public ModelTerms Terms { get; } = terms;

    /// <summary>Whether it was placed past the service.</summary>
    public bool IsForeign { get; init; }

    /// <summary><c>Open</c>, or how it has ended.</summary>
    public OrderState State { get; internal set; } = OrderState.Open;

    public decimal Filled { get; internal set; }

    public string? Reason { get; internal set; }

    public string? ReplacedBy { get; internal set; }

    public TimeSpan AcceptedAt { get; internal set; }

    public TimeSpan? EndedAt { get; internal set; }

    /// <summary>From when on it is found by its client order id and in lists.</summary>
    public TimeSpan VisibleAt { get; internal set; }

    public bool IsOpen => State == OrderState.Open;

    public decimal Remaining => Terms.Quantity - Filled;

    public decimal SignedRemaining => IsBuy ? Remaining : -Remaining;

    internal bool IsBuy => Terms.Side == OrderSide.Buy;

    internal decimal FilledValue { get; set; }

    internal bool Triggered { get; set; }

    internal bool CancelPending { get; set; }

    internal int LooksLeft { get; set; }

    /// <summary>Its place in its account's list of open orders.</summary>
    internal int OpenPlace { get; set; } = -1;

    /// <summary>When the last notice about it is due, so that none overtakes another.</summary>
    internal TimeSpan NoticeDue { get; set; }

    internal bool WaitsForTrigger => !Triggered && Terms.Type is OrderType.Stop or OrderType.StopLimit or OrderType.TrailingStop;

    /// <summary>The order as the venue shows it now.</summary>
    public VenueOrderReport Report => _report ??= new(
        Account.Id, VenueOrderId, ClientOrderId, Symbol.Symbol, Terms.Side, Terms.Type, Terms.Quantity,
        Filled, Filled == 0 ? null : FilledValue / Filled, State, ReplacedBy, Reason);

    internal void Touch() => _report = null;

    /// <summary>Whether it would trade at this price.</summary>
    internal bool Accepts(decimal price) => Terms.LimitPrice is not { } limit || (IsBuy ? price <= limit : price >= limit);
}

/// <summary>What an order at the venue is to do.</summary>
public sealed record ModelTerms(
    OrderSide Side, decimal Quantity, OrderType Type, decimal? LimitPrice = null, TimeInForce TimeInForce = TimeInForce.Gtc, bool ReduceOnly = false)
{
    public decimal Signed => Side == OrderSide.Buy ? Quantity : -Quantity;

    public static ModelTerms Of(OrderTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new(terms.Side, terms.Quantity, terms.Type, terms.LimitPrice, terms.TimeInForce, terms.ReduceOnly);
    }
}
