using System.Collections.Immutable;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Accounts;

namespace EmergencyStop.Grains.Watching;

/// <summary>Orders of a user's account that have no row in the ledger: whose they are, and their adoption.</summary>
internal sealed class ForeignOrders(UserBook book)
{
    /// <summary>Adopts an order for a stop, if it is in its scope and the latch holds still.</summary>
    /// <returns>Its row, or <c>null</c>.</returns>
    public async Task<Order?> AdoptAsync(Stop stop, VenueOrderReport report)
    {
        var strategy = await StrategyOfAsync(stop, report);
        var terms = new OrderTerms(book.User, strategy, report.Symbol, report.Side, report.Quantity, report.Type);
        if (!stop.HoldsLatch || !stop.Options.CancelOrders || !stop.Covers(terms))
        {
            return null;
        }

        var adopted = await book.Ledger.AdoptAsync(stop.Id, book.User, strategy, report, book.Time.GetUtcNow(), CancellationToken.None);
        if (adopted is not null)
        {
            book.Apply(adopted);
        }

        return adopted;
    }

    /// <summary>Nobody's in an account that trades through this service; by its client order id where other programs place orders.</summary>
    private async Task<StrategyId?> StrategyOfAsync(Stop stop, VenueOrderReport report)
    {
        if (book.Named is not { Mode: AccountMode.Watch } watched)
        {
            return null;
        }

        var known = await book.Ledger.StrategiesInAsync(StopTarget.Of(book.User), CancellationToken.None);
        var strategies = known.Select(s => s.Id).Concat(stop.Target.Strategy is { } one ? [one] : ImmutableArray<StrategyId>.Empty);
        return ClientIdAttribution.StrategyOf(report.ClientOrderId, strategies, watched.Prefixes);
    }
}
