namespace EmergencyStop.Client;

/// <summary>An order to place. Prices are in the symbol's quote currency, quantities in its units.</summary>
/// <param name="UserId">Whose book it is.</param>
/// <param name="StrategyId">Who decided on it.</param>
/// <param name="Symbol">What to trade, in any of its spellings.</param>
/// <param name="Side">Which way.</param>
/// <param name="Quantity">How much, above 0.</param>
/// <param name="Type">The order's class.</param>
public sealed record NewOrder(string UserId, string StrategyId, string Symbol, OrderSide Side, decimal Quantity, OrderType Type)
{
    /// <summary>Limit and stop-limit orders: the worst price.</summary>
    public decimal? LimitPrice { get; init; }

    /// <summary>Stop and stop-limit orders: the price that triggers.</summary>
    public decimal? StopPrice { get; init; }

    /// <summary>Trailing stops: distance from the best price seen.</summary>
    public decimal? TrailPrice { get; init; }

    /// <summary>Trailing stops: the same in percent, above 0 and below 100.</summary>
    public decimal? TrailPercent { get; init; }

    /// <summary>How long it stays in force; default <see cref="TimeInForce.Gtc"/>.</summary>
    public TimeInForce? TimeInForce { get; init; }

    /// <summary>Guards a position: a stop with <c>keep_protective</c> leaves it until flat; default false.</summary>
    public bool? Protective { get; init; }

    /// <summary>May only reduce the position; default false.</summary>
    public bool? ReduceOnly { get; init; }

    /// <summary>Sends a reduce-only order past a closed gate, by name; a risk officer only.</summary>
    public PastGate? PastGate { get; init; }

    /// <summary>The caller's own name for it; the same name of a user twice is the same order. Default: one derived from the idempotency key.</summary>
    public string? ClientOrderId { get; init; }
}

/// <summary>A risk officer's word that a reduce-only order may pass a closed gate.</summary>
/// <param name="StopId">The stop that holds the gate closed, the latest of them: one that was engaged after it still refuses.</param>
/// <param name="Reason">Why, in words; 1 to 500 characters.</param>
public sealed record PastGate(string StopId, string Reason);

/// <summary>An order as the ledger knows it.</summary>
/// <param name="OrderId">Made by the service; the venue knows it as the client order id.</param>
/// <param name="ClientOrderId">The caller's own name for it.</param>
/// <param name="Status">What is known of its life.</param>
/// <param name="UserId">Whose book it is.</param>
/// <param name="StrategyId">Who decided on it; null for closing and adopted orders.</param>
/// <param name="Symbol">What it trades, in its canonical spelling.</param>
/// <param name="Side">Which way.</param>
/// <param name="Quantity">How much.</param>
/// <param name="Type">The order's class.</param>
/// <param name="LimitPrice">The worst price.</param>
/// <param name="StopPrice">The price that triggers.</param>
/// <param name="TrailPrice">Distance from the best price seen.</param>
/// <param name="TrailPercent">The same in percent.</param>
/// <param name="TimeInForce">How long it stays in force.</param>
/// <param name="Protective">Whether it guards a position.</param>
/// <param name="ReduceOnly">Whether it may only reduce the position.</param>
/// <param name="FilledQuantity">How much has traded.</param>
/// <param name="AveragePrice">Average price of that.</param>
/// <param name="Account">The account it goes through.</param>
/// <param name="VenueOrderId">The venue's own id, once known.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="StopId">Closing and adopted orders: the stop that made it.</param>
/// <param name="Number">Its place among admissions, engages, releases and resumes.</param>
/// <param name="Reason">Why it ended so or is unknown.</param>
/// <param name="AdmittedAt">When it passed the gate (UTC).</param>
/// <param name="SentAt">When it left (UTC), if its sender knows.</param>
/// <param name="UpdatedAt">When it last changed (UTC).</param>
/// <param name="Replaces">The order in whose place it was put; what that one had traded counts in <paramref name="FilledQuantity"/>.</param>
public sealed record Order(
    string OrderId,
    string? ClientOrderId,
    OrderState Status,
    string UserId,
    string? StrategyId,
    string Symbol,
    OrderSide Side,
    decimal Quantity,
    OrderType Type,
    decimal? LimitPrice,
    decimal? StopPrice,
    decimal? TrailPrice,
    decimal? TrailPercent,
    TimeInForce TimeInForce,
    bool Protective,
    bool ReduceOnly,
    decimal FilledQuantity,
    decimal? AveragePrice,
    string Account,
    string? VenueOrderId,
    OrderOrigin Origin,
    string? StopId,
    long Number,
    string? Reason,
    DateTimeOffset AdmittedAt,
    DateTimeOffset? SentAt,
    DateTimeOffset UpdatedAt,
    string? Replaces = null);

/// <summary>Which orders are asked for; what is left out is not asked about.</summary>
public sealed record OrderFilter
{
    /// <summary>Only this user's.</summary>
    public string? UserId { get; init; }

    /// <summary>Only this strategy's.</summary>
    public string? StrategyId { get; init; }

    /// <summary>Only in this symbol.</summary>
    public string? Symbol { get; init; }

    /// <summary>Only those that can still trade, in flight and unknown ones included; default false.</summary>
    public bool OpenOnly { get; init; }
}

/// <summary>A page of orders as it is received.</summary>
internal sealed record OrdersPage(IReadOnlyList<Order> Orders, string? NextCursor);
