using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 4: an outcome that the venue's own record bears out is not written over by one that it does not; law 6: each is counted once.</summary>
public sealed class OutcomesStand(Sight sight) : Witness(sight)
{
    /// <inheritdoc/>
    public override void Settled(OutcomeChange change)
    {
        if (change is not { Before: { Kind: ObligationKind.Order } before, After: var after } || before.Outcome == after.Outcome
            || !OrderId.TryParse(before.Item, out var id, out _) || Sight.Store.FindOrder(id) is not { } row)
        {
            return;
        }

        if (IsBorneOut(before, row) && !IsBorneOut(after, row))
        {
            Sight.Broken(4, $"stop {change.Stop} had order {row.Id} as {before.Outcome}, which it is at the venue, and now has it as {after.Outcome}: {after.Reason}");
        }
    }

    /// <inheritdoc/>
    public override void Over()
    {
        foreach (var stop in Sight.Store.Stops)
        {
            int Count(ObligationKind kind, params ReadOnlySpan<OutcomeKind> of)
            {
                var count = 0;
                foreach (var outcome in stop.Outcomes.Sorted)
                {
                    count += outcome.Kind == kind && of.Contains(outcome.Outcome) ? 1 : 0;
                }

                return count;
            }

            var (orders, strategies, positions) = (
                Count(ObligationKind.Order, OutcomeKind.Cancelled, OutcomeKind.NeverSent),
                Count(ObligationKind.Strategy, OutcomeKind.Paused),
                Count(ObligationKind.Position, OutcomeKind.Closed));
            if (stop.Counts != new EmergencyStop.Ledger.Stopping.OutcomeCounts(orders, strategies, positions))
            {
                Sight.Broken(6, $"stop {stop.Stop.Id} counts {stop.Counts}, and its outcomes are {orders} orders, {strategies} strategies and {positions} positions");
            }
        }
    }

    private bool IsBorneOut(ItemOutcome outcome, Order row) => outcome.Outcome switch
    {
        OutcomeKind.Cancelled => Sight.AtVenue(row)?.State == OrderState.Cancelled,
        OutcomeKind.Filled => Sight.AtVenue(row)?.State == OrderState.Filled,
        OutcomeKind.Ended => Sight.AtVenue(row)?.State is OrderState.Ended or OrderState.Replaced,
        OutcomeKind.Rejected or OutcomeKind.NeverSent => !outcome.Inferred && Sight.AtVenue(row) is null,
        _ => false,
    };
}
