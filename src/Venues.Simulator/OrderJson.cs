using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EmergencyStop.Orders;
using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Simulator;

/// <summary>Orders of the market as Alpaca shows them, and Alpaca's requests as the market takes them.</summary>
internal static class OrderJson
{
    public static AlpacaOrder Of(SimulatedOrderView order) => new()
    {
        Id = order.VenueOrderId.ToString(),
        ClientOrderId = order.Request.ClientOrderId,
        CreatedAt = Time(order.SubmittedAt),
        UpdatedAt = Time(order.UpdatedAt),
        SubmittedAt = Time(order.SubmittedAt),
        FilledAt = TimeIf(order, SimulatedStatus.Filled),
        ExpiredAt = TimeIf(order, SimulatedStatus.Expired),
        CanceledAt = TimeIf(order, SimulatedStatus.Canceled),
        FailedAt = TimeIf(order, SimulatedStatus.Rejected),
        ReplacedAt = TimeIf(order, SimulatedStatus.Replaced),
        ReplacedBy = order.ReplacedBy?.ToString(),
        Replaces = order.Replaces?.ToString(),
        AssetId = IdOf("asset", order.Request.Symbol.Value).ToString(),
        Symbol = order.Request.Symbol.InOrders(),
        AssetClass = order.Request.Symbol.AssetClass(),
        Qty = order.Request.Quantity,
        FilledQty = order.FilledQuantity,
        FilledAvgPrice = order.AveragePrice is { } average ? Math.Round(average, 9) : null,
        OrderClass = string.Empty,
        OrderType = order.Request.Type.ToWire(),
        Type = order.Request.Type.ToWire(),
        Side = order.Request.Side.ToWire(),
        TimeInForce = order.Request.TimeInForce.ToWire(),
        LimitPrice = order.Request.LimitPrice,
        StopPrice = order.TriggerPrice,
        Status = order.Status.ToWire(),
        TrailPercent = order.Request.Trigger?.TrailPercent,
        TrailPrice = order.Request.Trigger?.TrailPrice,
        Hwm = order.HighWater,
    };

    /// <summary>Reads a request; <c>Why</c> says what is wrong with it.</summary>
    public static (SimulatedOrderRequest? Request, string? Why) Read(AlpacaOrderRequest body, Ids.AccountId account)
    {
        if (!Ids.Symbol.TryParse(body.Symbol, out var symbol, out var why))
        {
            return (null, why);
        }

        if (body.Notional is not null || body.OrderClass is not (null or "" or "simple"))
        {
            return (null, "notional amounts and order classes other than simple are not simulated");
        }

        if (WireWords.ReadSide(body.Side) is not { } side)
        {
            return (null, "side must be buy or sell");
        }

        if (WireWords.ReadType(body.Type) is not { } type)
        {
            return (null, "type must be market, limit, stop, stop_limit or trailing_stop");
        }

        if (WireWords.ReadForce(body.TimeInForce) is not { } force)
        {
            return (null, "time_in_force must be day, gtc, ioc or fok; opg and cls are not simulated");
        }

        var trigger = body.StopPrice is null && body.TrailPrice is null && body.TrailPercent is null
            ? null
            : new TriggerTerms(body.StopPrice, body.TrailPrice, body.TrailPercent);
        var clientId = string.IsNullOrEmpty(body.ClientOrderId) ? NewId().ToString() : body.ClientOrderId;
        return (new(account, clientId, symbol, side, type, body.Qty ?? 0, body.LimitPrice, trigger, force), null);
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The same id for the same name in every run: assets and accounts are not made here.</summary>
    public static Guid IdOf(string kind, string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{name}")).AsSpan(0, 16));

    /// <summary>An id for an order whose caller gives none.</summary>
    public static Guid NewId() => new(RandomNumberGenerator.GetBytes(16));

    private static string? TimeIf(SimulatedOrderView order, SimulatedStatus status) =>
        order.Status == status ? Time(order.UpdatedAt) : null;
}
