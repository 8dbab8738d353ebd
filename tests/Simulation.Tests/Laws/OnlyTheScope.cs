using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 7: what the venue is asked to cancel is in the scope of a stop that may owe it, or its own caller wants it gone.</summary>
public sealed class OnlyTheScope(Sight sight) : Witness(sight)
{
    /// <inheritdoc/>
    public override void Drawn(DrawnNumber number)
    {
        if (number.Kind == NumberKind.Adopted && Sight.Store.FindOrder(OrderId.Parse(number.Subject)) is { Stop: { } id } row
            && Sight.Store.FindStop(id) is { HoldsLatch: false } stop)
        {
            Sight.Broken(7, $"order {row.Id} was adopted for stop {stop.Id}, which holds no gate any more");
        }
    }

    /// <inheritdoc/>
    public override void Recorded(VenueEntry entry)
    {
        if (entry.Event is not (VenueEvent.CancelReceived or VenueEvent.MassCancelHit)
            || (entry.ClientOrderId is { } name ? Sight.Venue.Account(entry.Account).FindByClientId(name) : null) is not { } order)
        {
            return;
        }

        var row = Sight.RowOf(order);
        var terms = Sight.TermsOf(order);
        if (row?.Origin != OrderOrigin.Closing && !IsStopped(row, terms) && !(row is not null && IsUnwanted(row)))
        {
            Sight.Broken(7, $"{entry.Process} had {(entry.Event == VenueEvent.MassCancelHit ? "all orders including" : "order")} {order.ClientOrderId} of {terms.User} {terms.Strategy} in {terms.Symbol} cancelled, which is in the scope of no stop that may owe it");
        }
    }

    private bool IsStopped(Order? row, OrderTerms terms)
    {
        foreach (var heard in Sight.Presses)
        {
            if (heard.Act is Act.Press press && press.Request.Options.CancelOrders && press.Request.Target.Covers(terms) && !IsKept(press, terms) && MayOwe(press, heard, row))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the stop leaves a protective order where it is (F22). One that closes positions ends it with the position.</summary>
    private bool IsKept(Act.Press press, OrderTerms terms) => terms.Protective && press.Request.Options is { KeepProtective: true, ClosePositions: false }
        && !Sight.Plan.Acts.Any(a => a is Act.Escalate);

    /// <summary>Whether the press came before the order: a later order is owed by what puts a part back only.</summary>
    private bool MayOwe(Act.Press press, Heard heard, Order? row)
    {
        if (row is null || row.Origin == OrderOrigin.Adopted)
        {
            return true;
        }

        // A process without the ledger knows neither that a press repeats another nor that its stop was released: it
        // stops what it finds, and, where the stop holds, what comes after.
        if (heard.Answer is not StopAnswer.Engaged { Result.Recorded: true }
            && (!press.Request.Options.CancelOnly || heard.Asked >= Sight.DrawnAt(row.Number)))
        {
            return true;
        }

        var stops = Sight.Store.Stops.Where(s => heard.Answer is StopAnswer.Engaged e ? s.Stop.Id == e.Stop.Id : s.Stop.Target == press.Request.Target).ToArray();
        return stops.Length == 0 || stops.Any(s => row.Number < s.Stop.OwesUpTo);
    }

    private bool IsUnwanted(Order row)
    {
        foreach (var heard in Sight.Heard)
        {
            var order = heard.Act switch
            {
                Act.Cancel cancel => cancel.Order,
                Act.Replace replace => replace.Order,
                _ => -1,
            };
            if (order >= 0 && Sight.Heard.Any(h => h.Act.Number == order && h.Answer is PlaceAnswer.Admitted admitted && admitted.Order.Id == row.Id))
            {
                return true;
            }
        }

        return false;
    }
}
