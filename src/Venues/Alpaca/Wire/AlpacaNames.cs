using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Venues.Alpaca.Wire;

/// <summary>Alpaca's spelling of symbols, its headers and its times.</summary>
public static class AlpacaNames
{
    /// <summary>The header with the key id.</summary>
    public const string KeyHeader = "APCA-API-KEY-ID";

    /// <summary>The header with the secret.</summary>
    public const string SecretHeader = "APCA-API-SECRET-KEY";

    /// <summary>Calls a period.</summary>
    public const string LimitHeader = "X-RateLimit-Limit";

    /// <summary>How many are left of them.</summary>
    public const string RemainingHeader = "X-RateLimit-Remaining";

    /// <summary>When they are given anew, in seconds since 1970.</summary>
    public const string ResetHeader = "X-RateLimit-Reset";

    /// <summary>The refusal of a client order id that the account has used.</summary>
    public const int DuplicateClientOrderId = 40010001;

    /// <summary>The most orders on one page.</summary>
    public const int LargestPage = 500;

    /// <summary>A symbol as orders spell it: <c>BTC/USD</c>.</summary>
    public static string InOrders(this Symbol symbol) => symbol.Pair is var (@base, quote) ? $"{@base}/{quote}" : symbol.Value;

    /// <summary>A symbol as positions spell it: <c>BTCUSD</c>.</summary>
    public static string InPositions(this Symbol symbol) => symbol.Pair is var (@base, quote) ? $"{@base}{quote}" : symbol.Value;

    /// <summary>The class of asset.</summary>
    public static string AssetClass(this Symbol symbol) => symbol.Pair is null ? "us_equity" : "crypto";

    /// <summary>What a status says of the order's life.</summary>
    /// <remarks>
    /// Ended are only those after which no further update comes: <c>filled</c>, <c>canceled</c>, <c>expired</c>,
    /// <c>rejected</c> and <c>replaced</c> (whose successor is followed). <c>done_for_day</c> of a gtc order trades again
    /// tomorrow; <c>calculated</c> and <c>stopped</c> may still settle into a fill, and <c>suspended</c> may resume. A
    /// word that is not in the description may mean anything, so the order may still trade.
    /// </remarks>
    public static OrderState ReadStatus(string? status) => status switch
    {
        "filled" => OrderState.Filled,
        "canceled" => OrderState.Cancelled,
        "expired" => OrderState.Ended,
        "replaced" => OrderState.Replaced,
        "rejected" => OrderState.Rejected,
        "new" or "partially_filled" or "accepted" or "pending_new" or "accepted_for_bidding" => OrderState.Open,
        "pending_cancel" or "pending_replace" => OrderState.Open,
        "done_for_day" or "stopped" or "suspended" or "calculated" => OrderState.Open,
        _ => OrderState.Open,
    };

    /// <summary>Whether a status is in the description.</summary>
    public static bool IsKnownStatus(string? status) => status is
        "filled" or "canceled" or "expired" or "replaced" or "rejected" or "new" or "partially_filled" or "accepted"
        or "pending_new" or "accepted_for_bidding" or "pending_cancel" or "pending_replace" or "done_for_day" or "stopped"
        or "suspended" or "calculated" or "held" or "pending_review";
}
