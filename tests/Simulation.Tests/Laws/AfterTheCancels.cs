using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Ledger;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 2, in its order: a stop's closing order goes out once every order that the stop owes in that account is at its proven end (F9).</summary>
public sealed class AfterTheCancels(Sight sight) : Witness(sight)
{
    /// <inheritdoc/>
    public override void Drawn(DrawnNumber number)
    {
        // What a carve-out or its end changes under way is owed from then on only.
        if (number.Kind != NumberKind.Closing || Sight.Store.FindOrder(OrderId.Parse(number.Subject)) is not { Stop: { } id } closing
            || Sight.Store.RowOf(id) is not { Stop: { CarveOuts.IsEmpty: true } stop } owing)
        {
            return;
        }

        foreach (var order in Sight.Store.Orders)
        {
            if (order.State.IsActive() && order.Origin == OrderOrigin.Placed && order.Account == closing.Account && stop.Owes(order)
                && !(stop.Options.KeepProtective && order.Terms.Protective) && !owing.Outcomes.IsWaived(order.Id.Value) && !Sight.IsLate(order.Id.Value))
            {
                Sight.Broken(2, $"stop {stop.Id} on {stop.Target} closes {closing.Terms.Symbol} of {closing.Account} while order {order.Id}, which it owes there, is {order.State}");
                return;
            }
        }
    }
}
