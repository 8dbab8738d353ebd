using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 2 for positions: a stop that closes is completed when the venue holds nothing in its scope, or the debt was waived (F5, F7).</summary>
public sealed class Flat(Sight sight) : Witness(sight)
{
    /// <inheritdoc/>
    public override void Came(Stop stop, StopState before)
    {
        // A STRATEGY stop closes its attributed part only; what was let in past the gate, or carved out, may trade on.
        if (stop is not { State: StopState.Completed, Options: { ClosePositions: true, CancelOrders: true }, HoldsLatch: true, Narrowed: null, CarveOuts.IsEmpty: true }
            || stop.Target.Scope == EmergencyStopScope.Strategy)
        {
            return;
        }

        foreach (var account in Sight.Venue.Accounts)
        {
            foreach (var held in account.Positions)
            {
                var symbol = held.Symbol.Symbol;
                if (held.Quantity != 0 && IsIn(stop.Target, account.Id, symbol) && !IsWaived(stop, account.Id, symbol) && !MayTradeOn(stop, account, symbol))
                {
                    Sight.Broken(2, $"stop {stop.Id} on {stop.Target}, which closes positions, is completed while {account.Id} holds {held.Quantity} {symbol}");
                }
            }
        }
    }

    private static bool IsIn(StopTarget target, AccountId account, Symbol symbol) =>
        (target.User is not { } user || user.Value == account.Value) && (target.Symbol is not { } only || only == symbol);

    private bool IsWaived(Stop stop, AccountId account, Symbol symbol) => Sight.Store.RowOf(stop.Id)!.Outcomes is var outcomes // it is completed
        && (outcomes.Find(ObligationKind.Position, $"{account}/{symbol}") is { Outcome: OutcomeKind.Waived }
            || outcomes.Find(ObligationKind.Position, $"{account}/*") is { Outcome: OutcomeKind.Waived });

    /// <summary>Whether an order may have traded that nobody has to end: placed past the service, let in past the gate, or given up; or one whose bytes left late.</summary>
    private bool MayTradeOn(Stop stop, ModelAccount account, Symbol symbol) =>
        Sight.Plan.Acts.Any(a => a is Act.Foreign foreign && foreign.Terms.User.Value == account.Id.Value && foreign.Terms.Symbol == symbol)
        || account.Orders.Any(o => o.Symbol.Symbol == symbol
            && (Sight.IsLate(o.ClientOrderId) || Sight.RowOf(o) is { Origin: OrderOrigin.PastGate } || Sight.Store.RowOf(stop.Id)!.Outcomes.IsWaived(o.ClientOrderId))); // it is completed
}
