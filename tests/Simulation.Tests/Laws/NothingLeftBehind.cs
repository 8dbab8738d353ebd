using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Laws 2 and 9: completed means that each order owed has ended at the venue; in the end none is left, released or not.</summary>
public sealed class NothingLeftBehind(Sight sight) : Witness(sight)
{
    /// <inheritdoc/>
    public override void Came(Stop stop, StopState before)
    {
        if (stop.State != StopState.Completed)
        {
            return;
        }

        if (Sight.Store.RowOf(stop.Id)?.Outcomes.Unmet > 0)
        {
            Sight.Broken(2, $"stop {stop.Id} on {stop.Target} is completed, and an outcome of it is unmet");
        }

        foreach (var row in Sight.Store.Orders)
        {
            if (row.State.IsActive() && row.Origin is OrderOrigin.Placed or OrderOrigin.PastGate && stop.Options.CancelOrders && stop.Owes(row)
                && !(stop.Options.KeepProtective && row.Terms.Protective) && Sight.Store.RowOf(stop.Id)?.Outcomes.IsWaived(row.Id.Value) == false)
            {
                Sight.Broken(2, $"stop {stop.Id} on {stop.Target} is completed, and order {row.Id}, which it owes, is {row.State} in the ledger");
            }
        }

        foreach (var order in Sight.OpenOrders())
        {
            // What the service has never heard of is found by the watch; nobody can be sooner.
            if (Sight.RowOf(order) is { } row && row.State != OrderState.NeverSent && Sight.Owes(stop, order))
            {
                Sight.Broken(2, $"stop {stop.Id} on {stop.Target} is completed while order {order.ClientOrderId} is open at the venue");
            }
        }
    }

    /// <inheritdoc/>
    public override void Recorded(VenueEntry entry)
    {
        if (entry.Event != VenueEvent.Accepted || !Ids.OrderId.TryParse(entry.ClientOrderId, out var id, out _) || Sight.Store.FindOrder(id) is not { } row || Sight.IsExcused(row))
        {
            return;
        }

        foreach (var stop in Sight.Store.Stops.Select(s => s.Stop))
        {
            if (stop is { State: StopState.Completed, Options.CancelOrders: true } && row.Origin == OrderOrigin.Placed && stop.Owes(row)
                && !(stop.Options.KeepProtective && row.Terms.Protective) && Sight.Store.RowOf(stop.Id)?.Outcomes.IsWaived(row.Id.Value) == false)
            {
                Sight.Broken(2, $"order {row.Id}, owed by stop {stop.Id}, came into force at the venue after the stop was completed");
            }
        }
    }

    /// <inheritdoc/>
    public override void Over()
    {
        foreach (var order in Sight.OpenOrders())
        {
            foreach (var stop in Sight.Store.Stops.Select(s => s.Stop))
            {
                if (Sight.Owes(stop, order))
                {
                    Sight.Broken(stop.Release is null ? 2 : 9, $"order {order.ClientOrderId} of {order.Account.Id} in {order.Symbol.Symbol} is open at the venue in the end though stop {stop.Id} on {stop.Target} ({stop.State}{(stop.Release is null ? string.Empty : ", released")}) owes it");
                }
            }
        }
    }
}
