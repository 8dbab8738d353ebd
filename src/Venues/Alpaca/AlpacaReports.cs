using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues.Alpaca.Wire;

namespace EmergencyStop.Venues.Alpaca;

/// <summary>Reads what Alpaca shows as evidence. What cannot be read is said, never left out (F8).</summary>
internal static class AlpacaReports
{
    /// <summary>Legs lie one level deep; anything beyond this is not Alpaca's.</summary>
    private const int DeepestLegs = 4;

    /// <summary>One order; <c>Why</c> says what cannot be read of it.</summary>
    public static (VenueOrderReport? Report, string? Why) Read(AlpacaOrder order, AccountId account)
    {
        if (!Symbol.TryParse(order.Symbol, out var symbol, out var why))
        {
            return (null, $"Order {order.Id}: {why}");
        }

        if (WireWords.ReadSide(order.Side) is not { } side || WireWords.ReadType(order.Type) is not { } type)
        {
            return (null, $"Order {order.Id} has the side '{order.Side}' and the type '{order.Type}', which this service does not know.");
        }

        var filled = order.FilledQty ?? 0;
        return (new(
            account,
            order.Id,
            order.ClientOrderId ?? string.Empty,
            symbol,
            side,
            type,
            order.Qty ?? filled,
            filled,
            order.FilledAvgPrice,
            AlpacaNames.ReadStatus(order.Status),
            order.ReplacedBy,
            ReasonOf(order)),
            null);
    }

    /// <summary>A list of orders with their legs, each once.</summary>
    public static (ImmutableArray<VenueOrderReport>? Reports, string? Why) ReadAll(IEnumerable<AlpacaOrder> orders, AccountId account)
    {
        var reports = ImmutableArray.CreateBuilder<VenueOrderReport>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var order in orders.SelectMany(order => Flatten(order, DeepestLegs)).Where(order => seen.Add(order.Id)))
        {
            var (report, why) = Read(order, account);
            if (report is null)
            {
                return (null, why);
            }

            reports.Add(report);
        }

        return (reports.ToImmutable(), null);
    }

    /// <summary>One position.</summary>
    public static (VenuePosition? Position, string? Why) Read(AlpacaPosition position, AccountId account)
    {
        if (!Symbol.TryParse(position.Symbol, out var symbol, out var why))
        {
            return (null, $"Position {position.Symbol}: {why}");
        }

        if (position.Side is not ("long" or "short"))
        {
            return (null, $"Position {position.Symbol} has the side '{position.Side}', which this service does not know.");
        }

        var quantity = position.Side is "short" ? -Math.Abs(position.Qty) : position.Qty;
        return (new(account, symbol, quantity, position.AvgEntryPrice ?? 0, position.CurrentPrice), null);
    }

    private static IEnumerable<AlpacaOrder> Flatten(AlpacaOrder order, int depth) =>
        order.Legs is not { IsDefaultOrEmpty: false } legs || depth == 0
            ? [order]
            : legs.SelectMany(leg => Flatten(leg, depth - 1)).Prepend(order);

    private static string? ReasonOf(AlpacaOrder order) =>
        !AlpacaNames.IsKnownStatus(order.Status) ? $"The venue calls it '{order.Status}', a status that is not in its description; it is taken as open."
        : order.Qty is null && order.Notional is { } amount ? $"An order for an amount of {amount}, without a quantity."
        : order.Status is "canceled" or "filled" or "new" ? null
        : order.Status;
}
