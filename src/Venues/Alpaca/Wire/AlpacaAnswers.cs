using System.Text.Json.Serialization;

namespace EmergencyStop.Venues.Alpaca.Wire;

/// <summary>A position as <c>/v2/positions</c> shows it.</summary>
public sealed record AlpacaPosition
{
    /// <summary>The asset's id.</summary>
    public string? AssetId { get; init; }

    /// <summary>The symbol; <c>BTCUSD</c> for pairs, other than in orders.</summary>
    public required string Symbol { get; init; }

    /// <summary>Where it is listed.</summary>
    public string? Exchange { get; init; }

    /// <summary><c>us_equity</c> or <c>crypto</c>.</summary>
    public string? AssetClass { get; init; }

    /// <summary>Whether it may be bought on margin.</summary>
    public bool? AssetMarginable { get; init; }

    /// <summary>How much; negative for short.</summary>
    public required decimal Qty { get; init; }

    /// <summary>How much of it no open order takes.</summary>
    public decimal? QtyAvailable { get; init; }

    /// <summary>The average entry price.</summary>
    public decimal? AvgEntryPrice { get; init; }

    /// <summary><c>long</c> or <c>short</c>.</summary>
    public required string Side { get; init; }

    /// <summary>What it is worth.</summary>
    public decimal? MarketValue { get; init; }

    /// <summary>What it cost.</summary>
    public decimal? CostBasis { get; init; }

    /// <summary>What would be won.</summary>
    public decimal? UnrealizedPl { get; init; }

    /// <summary>The same by the cost.</summary>
    public decimal? UnrealizedPlpc { get; init; }

    /// <summary>What would be won of today.</summary>
    public decimal? UnrealizedIntradayPl { get; init; }

    /// <summary>The same by the cost.</summary>
    public decimal? UnrealizedIntradayPlpc { get; init; }

    /// <summary>The last price.</summary>
    public decimal? CurrentPrice { get; init; }

    /// <summary>The last price of the day before.</summary>
    public decimal? LastdayPrice { get; init; }

    /// <summary>The change since, by that price.</summary>
    public decimal? ChangeToday { get; init; }

    /// <summary>The account: only where the simulator shows the positions of all of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Account { get; init; }
}

/// <summary>One item of the 207 answer to cancelling all orders.</summary>
/// <param name="Id">The order.</param>
/// <param name="Status">What the venue would have answered for it alone.</param>
public sealed record AlpacaCancelled(string Id, [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] int Status);

/// <summary>One item of the 207 answer to closing all positions.</summary>
/// <param name="Symbol">The position.</param>
/// <param name="Status">What the venue would have answered for it alone.</param>
/// <param name="Body">The closing order.</param>
public sealed record AlpacaPositionClosed(string Symbol, string Status, AlpacaOrder? Body);

/// <summary>Why a request was refused.</summary>
/// <param name="Code">The broker's code.</param>
/// <param name="Message">In words.</param>
public sealed record AlpacaError([property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] int Code, string? Message);

/// <summary>The answer of <c>/v2/clock</c>.</summary>
/// <param name="Timestamp">The venue's time.</param>
/// <param name="IsOpen">Whether the market is open.</param>
/// <param name="NextOpen">When it opens next.</param>
/// <param name="NextClose">When it closes next.</param>
public sealed record AlpacaClock(DateTimeOffset? Timestamp, bool? IsOpen, DateTimeOffset? NextOpen, DateTimeOffset? NextClose);

/// <summary>The part of <c>/v2/account</c> that says whether the account can trade, and what is in it.</summary>
/// <param name="AccountNumber">The account's number.</param>
/// <param name="Status"><c>ACTIVE</c> or why not.</param>
/// <param name="TradingBlocked">Whether it may not place orders.</param>
/// <param name="AccountBlocked">Whether it may do nothing.</param>
/// <param name="Equity">Cash and what the positions are worth.</param>
/// <param name="Cash">The cash.</param>
/// <param name="Currency">Of both.</param>
public sealed record AlpacaAccount(
    string? AccountNumber,
    string? Status,
    bool? TradingBlocked,
    bool? AccountBlocked,
    decimal? Equity = null,
    decimal? Cash = null,
    string? Currency = null);

/// <summary>The last trade of a symbol, in the market data API.</summary>
/// <param name="T">When.</param>
/// <param name="P">At which price.</param>
/// <param name="S">How much.</param>
public sealed record AlpacaTrade(
    string T,
    [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] decimal P,
    [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] decimal S);

/// <summary>The answer of <c>/v2/stocks/{symbol}/trades/latest</c>.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Trade">Its last trade.</param>
public sealed record AlpacaStockTrade(string Symbol, AlpacaTrade Trade);

/// <summary>The answer of <c>/v1beta3/crypto/us/latest/trades</c>.</summary>
/// <param name="Trades">By pair, as <c>BTC/USD</c>.</param>
public sealed record AlpacaCryptoTrades(IReadOnlyDictionary<string, AlpacaTrade> Trades);
