using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 9: a stop is released once nothing is owed for it; what it owes otherwise is met, waived by name, or still held.</summary>
public sealed class DebtsOutlive(Sight sight) : Witness(sight)
{
    /// <inheritdoc/>
    public override void Drawn(DrawnNumber number)
    {
        if (number.Kind != NumberKind.Released || Sight.Store.RowOf(StopId.Parse(number.Subject)) is not { Stop: var stop } row)
        {
            return;
        }

        if (stop.State == StopState.Working)
        {
            Sight.Broken(9, $"stop {stop.Id} on {stop.Target} was released while it was working: what it owes is not known yet");
            return;
        }

        if (row.Outcomes.Unmet > 0)
        {
            var unmet = row.Outcomes.Sorted.First(o => !o.Outcome.IsMet());
            Sight.Broken(9, $"stop {stop.Id} on {stop.Target} was released though {unmet.Kind} {unmet.Item} is {unmet.Outcome}: {unmet.Reason}");
            return;
        }

        foreach (var order in stop.Options.CancelOrders ? Sight.Store.Orders : [])
        {
            if (order.State.IsActive() && order.Origin is OrderOrigin.Placed or OrderOrigin.PastGate && stop.Owes(order)
                && !(stop.Options.KeepProtective && order.Terms.Protective) && !row.Outcomes.IsWaived(order.Id.Value))
            {
                Sight.Broken(9, $"stop {stop.Id} on {stop.Target} was released though order {order.Id}, which it owes, is {order.State}");
                return;
            }
        }
    }
}
