using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Finds the active orders of a target without looking at every row.</summary>
internal interface IActiveOrders
{
    /// <summary>The active orders of a target numbered below a bound, by number, as of the session's snapshot.</summary>
    IEnumerable<Order> Look(LedgerSession session, StopTarget target, int? partition, long below);

    /// <summary>The active order that has this id at the venue, or <c>null</c>.</summary>
    Order? FindByVenue(LedgerSession session, AccountId account, string venueOrderId);
}
