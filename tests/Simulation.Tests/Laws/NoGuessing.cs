using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 4: the ledger ends an order only when it has ended at the venue, or was never sent; and each outcome is what the venue's own record says.</summary>
public sealed class NoGuessing(Sight sight) : Witness(sight)
{
    /// <inheritdoc/>
    public override void Changed(Order order)
    {
        if (order.State.IsActive())
        {
            return;
        }

        var truth = Sight.AtVenue(order);
        if (order.State == OrderState.NeverSent)
        {
            if (truth is not null && !Sight.IsExcused(order))
            {
                Sight.Broken(4, $"order {order.Id} was booked as never sent ({order.Reason}) and is at the venue, {truth.State}");
            }
        }
        else if (truth is { IsOpen: true })
        {
            Sight.Broken(4, $"order {order.Id} was booked as {order.State} ({order.Reason}) while it is open at the venue");
        }
        else if (truth is null && order.State is not (OrderState.Rejected or OrderState.Ended or OrderState.Replaced))
        {
            Sight.Broken(4, $"order {order.Id} was booked as {order.State} ({order.Reason}) and the venue never had it");
        }
    }

    /// <inheritdoc/>
    public override void Recorded(VenueEntry entry)
    {
        if (entry.Event == VenueEvent.Accepted && Ids.OrderId.TryParse(entry.ClientOrderId, out var id, out _)
            && Sight.Store.FindOrder(id) is { } row && !row.State.IsActive() && !Sight.IsExcused(row))
        {
            Sight.Broken(4, $"order {row.Id}, booked as {row.State} ({row.Reason}), came into force at the venue");
        }
    }

    /// <inheritdoc/>
    public override void Over()
    {
        foreach (var order in Sight.Store.Orders)
        {
            Judge(order);
        }

        foreach (var stop in Sight.Store.Stops)
        {
            foreach (var outcome in stop.Outcomes.Sorted)
            {
                if (outcome.Kind == ObligationKind.Order && Ids.OrderId.TryParse(outcome.Item, out var id, out _) && Sight.Store.FindOrder(id) is { } row)
                {
                    Judge(stop.Stop, outcome, row);
                }
            }
        }
    }

    private void Judge(Order row)
    {
        var truth = Sight.AtVenue(row);
        if (truth is null || row.State.IsActive())
        {
            return;
        }

        var same = row.State == truth.State || (row.State == OrderState.Replaced && truth.State is OrderState.Replaced or OrderState.Ended or OrderState.Cancelled);
        if (!same)
        {
            Sight.Broken(4, $"in the end order {row.Id} is {row.State} ({row.Reason}) in the ledger and {truth.State} at the venue");
        }
        else if (row.FilledQuantity > truth.Filled)
        {
            Sight.Broken(4, $"in the end order {row.Id} has filled {row.FilledQuantity} in the ledger and {truth.Filled} at the venue");
        }
    }

    private void Judge(Stop stop, ItemOutcome outcome, Order row)
    {
        if (outcome is { Outcome: OutcomeKind.NeverSent, Inferred: true } && Sight.IsLate(row.Id.Value))
        {
            return; // One stop reads the row as never sent, the order turns up, and the stop writes what it has read.
        }

        var truth = Sight.AtVenue(row);
        var agrees = outcome.Outcome switch
        {
            OutcomeKind.Cancelled => truth?.State == OrderState.Cancelled,
            OutcomeKind.Filled => truth?.State == OrderState.Filled,
            OutcomeKind.NeverSent => truth is null || !stop.Covers(row.Terms), // A part that was carved out since is let live.
            OutcomeKind.Rejected => truth is null,
            _ => true,
        };
        if (!agrees)
        {
            Sight.Broken(4, $"stop {stop.Id} counts order {row.Id} as {outcome.Outcome}; at the venue it is {truth?.State.ToString() ?? "unknown"}");
        }
    }
}
