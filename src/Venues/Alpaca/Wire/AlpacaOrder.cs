using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace EmergencyStop.Venues.Alpaca.Wire;

/// <summary>An order as <c>/v2/orders</c> shows it; numbers are strings there.</summary>
/// <remarks>Times stay text: they have more digits than a clock here keeps, and paging needs every one of them.</remarks>
public sealed record AlpacaOrder
{
    /// <summary>The venue's id.</summary>
    public required string Id { get; init; }

    /// <summary>The caller's id, up to 48 characters.</summary>
    public string? ClientOrderId { get; init; }

    /// <summary>When it was made.</summary>
    public string? CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public string? UpdatedAt { get; init; }

    /// <summary>When it was submitted: the order of lists, and their cursor.</summary>
    public string? SubmittedAt { get; init; }

    /// <summary>When it was filled.</summary>
    public string? FilledAt { get; init; }

    /// <summary>When it expired.</summary>
    public string? ExpiredAt { get; init; }

    /// <summary>When it was cancelled.</summary>
    public string? CanceledAt { get; init; }

    /// <summary>When it failed.</summary>
    public string? FailedAt { get; init; }

    /// <summary>When it was replaced.</summary>
    public string? ReplacedAt { get; init; }

    /// <summary>The id of the order in its place.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>The id of the order whose place it took.</summary>
    public string? Replaces { get; init; }

    /// <summary>The asset's id.</summary>
    public string? AssetId { get; init; }

    /// <summary>The symbol; <c>BTC/USD</c> for pairs.</summary>
    public required string Symbol { get; init; }

    /// <summary><c>us_equity</c> or <c>crypto</c>.</summary>
    public string? AssetClass { get; init; }

    /// <summary>The amount of money; then there is no quantity.</summary>
    public decimal? Notional { get; init; }

    /// <summary>The quantity.</summary>
    public decimal? Qty { get; init; }

    /// <summary>How much has traded.</summary>
    public decimal? FilledQty { get; init; }

    /// <summary>At which average price.</summary>
    public decimal? FilledAvgPrice { get; init; }

    /// <summary>Empty, <c>simple</c>, <c>bracket</c>, <c>oco</c> or <c>oto</c>.</summary>
    public string? OrderClass { get; init; }

    /// <summary>The same as <see cref="Type"/>, for old clients.</summary>
    public string? OrderType { get; init; }

    /// <summary>The class of order.</summary>
    public required string Type { get; init; }

    /// <summary><c>buy</c> or <c>sell</c>.</summary>
    public required string Side { get; init; }

    /// <summary>How long it stays in force.</summary>
    public required string TimeInForce { get; init; }

    /// <summary>The limit price.</summary>
    public decimal? LimitPrice { get; init; }

    /// <summary>The stop price.</summary>
    public decimal? StopPrice { get; init; }

    /// <summary>Where it stands.</summary>
    public string? Status { get; init; }

    /// <summary>Whether it trades outside the regular hours.</summary>
    public bool ExtendedHours { get; init; }

    /// <summary>The orders rolled up under this one, where asked for.</summary>
    public ImmutableArray<AlpacaOrder>? Legs { get; init; }

    /// <summary>Trailing stops: the distance in percent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? TrailPercent { get; init; }

    /// <summary>Trailing stops: the distance.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? TrailPrice { get; init; }

    /// <summary>Trailing stops: the best price seen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Hwm { get; init; }

    /// <summary>The account: only where the simulator shows the orders of all of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Account { get; init; }
}

/// <summary>The body of <c>POST /v2/orders</c>.</summary>
public sealed record AlpacaOrderRequest
{
    /// <summary>The symbol; <c>BTC/USD</c> for pairs.</summary>
    public string? Symbol { get; init; }

    /// <summary>The quantity.</summary>
    public decimal? Qty { get; init; }

    /// <summary>The amount of money instead of a quantity.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Notional { get; init; }

    /// <summary><c>buy</c> or <c>sell</c>.</summary>
    public string? Side { get; init; }

    /// <summary>The class of order.</summary>
    public string? Type { get; init; }

    /// <summary>How long it stays in force.</summary>
    public string? TimeInForce { get; init; }

    /// <summary>The limit price.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? LimitPrice { get; init; }

    /// <summary>The stop price.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? StopPrice { get; init; }

    /// <summary>Trailing stops: the distance.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? TrailPrice { get; init; }

    /// <summary>Trailing stops: the distance in percent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? TrailPercent { get; init; }

    /// <summary>The caller's id, up to 48 characters.</summary>
    public string? ClientOrderId { get; init; }

    /// <summary>Several orders at once: <c>bracket</c>, <c>oco</c>, <c>oto</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OrderClass { get; init; }
}

/// <summary>The body of <c>PATCH /v2/orders/{id}</c>; what is left out stays.</summary>
/// <param name="Qty">The whole quantity.</param>
/// <param name="TimeInForce">How long it stays in force.</param>
/// <param name="LimitPrice">The limit price.</param>
/// <param name="StopPrice">The stop price.</param>
/// <param name="Trail">The trailing stop's distance.</param>
/// <param name="ClientOrderId">The new order's id.</param>
public sealed record AlpacaOrderPatch(
    decimal? Qty, string? TimeInForce, decimal? LimitPrice, decimal? StopPrice, decimal? Trail, string? ClientOrderId);
