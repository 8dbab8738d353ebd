using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Orders;

/// <summary>Whose position a fill changes. Pure; the same for every ledger.</summary>
public static class FillAttribution
{
    /// <summary>The share of each strategy in a fill; <c>null</c> stands for nobody's.</summary>
    /// <param name="order">The order that traded.</param>
    /// <param name="traded">How much more has traded; positive bought, negative sold.</param>
    /// <param name="positions">The strategies' positions in that account and symbol, needed for closing orders only.</param>
    /// <remarks>
    /// A fill belongs to its order's strategy. A closing order without one closes what the strategies of the account
    /// hold: those on the side being closed, largest first and by id among equals, none past zero; the rest is nobody's.
    /// </remarks>
    public static IReadOnlyList<(StrategyId? Strategy, decimal Quantity)> Shares(
        Order order, decimal traded, IReadOnlyCollection<(StrategyId Strategy, decimal Quantity)> positions)
    {
        if (order.Origin != OrderOrigin.Closing || order.Terms.Strategy is not null)
        {
            return [(order.Terms.Strategy, traded)];
        }

        var shares = new List<(StrategyId?, decimal)>();
        var left = traded;
        foreach (var (strategy, quantity) in positions
            .Where(p => Math.Sign(p.Quantity) == -Math.Sign(traded))
            .OrderByDescending(p => Math.Abs(p.Quantity)).ThenBy(p => p.Strategy.Value, StringComparer.Ordinal))
        {
            var share = Math.Sign(traded) * Math.Min(Math.Abs(left), Math.Abs(quantity));
            if (share == 0)
            {
                break;
            }

            shares.Add((strategy, share));
            left -= share;
        }

        if (left != 0)
        {
            shares.Add((null, left));
        }

        return shares;
    }
}
