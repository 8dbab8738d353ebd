using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 2: completed rests on a list of each account's open orders that the venue has given since the gate closed; no list is no evidence (F1, F8).</summary>
public sealed class FreshLook(Sight sight) : Witness(sight)
{
    /// <inheritdoc/>
    public override void Came(Stop stop, StopState before)
    {
        // A STRATEGY stop knows its orders by the ledger alone; what is held in part only is looked at in part only.
        if (stop is not { State: StopState.Completed, Options.CancelOrders: true, HoldsLatch: true, Narrowed: null, CarveOuts.IsEmpty: true }
            || stop.Target.Scope == EmergencyStopScope.Strategy)
        {
            return;
        }

        foreach (var user in Sight.Plan.Users.Where(u => stop.Target.User is not { } only || only == u))
        {
            var account = AccountId.Parse(user.Value);
            var isWaived = Sight.Store.RowOf(stop.Id)?.Outcomes.Find(ObligationKind.Verification, account.Value) is { Outcome: OutcomeKind.Waived };
            if (!isWaived && !(Sight.Venue.LastRead(account) > Sight.DrawnAt(stop.Number)))
            {
                Sight.Broken(2, $"stop {stop.Id} on {stop.Target} is completed, and the venue has shown nobody the open orders of {account} since its gate closed");
            }
        }
    }
}
