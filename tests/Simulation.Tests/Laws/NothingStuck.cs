using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 10 and what holds beside the laws: a stop that was answered is in the ledger in the end, every stop comes to its end, no order stays unclear, and the audit tells of all.</summary>
public sealed class NothingStuck(Sight sight) : Witness(sight)
{
    /// <summary>What a venue or the design refuses for good.</summary>
    private static readonly string[] ForGood = ["netted", "in_flight", "attempts", "price"];

    /// <summary>Whether there is nothing left to wait for.</summary>
    public bool IsQuiet()
    {
        if (Sight.IsAnyoneFrozen || Sight.Heard.Any(IsUnrecorded))
        {
            return false;
        }

        foreach (var stop in Sight.Store.Stops)
        {
            if (!IsSettled(stop.Stop))
            {
                return false;
            }
        }

        foreach (var order in Sight.Store.Orders)
        {
            // One whose bytes left late is found by the watch.
            if (order.State is OrderState.InFlight or OrderState.Unknown || (order.State == OrderState.NeverSent && Sight.AtVenue(order) is not null))
            {
                return false;
            }
        }

        foreach (var order in Sight.OpenOrders())
        {
            foreach (var stop in Sight.Store.Stops)
            {
                if (Sight.Owes(stop.Stop, order))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Over()
    {
        foreach (var stop in Sight.Store.Stops.Select(s => s.Stop).Where(s => !IsSettled(s)))
        {
            var unmet = Sight.Store.OutcomesOf(stop.Id).Where(o => !o.Outcome.IsMet()).Select(o => $"{o.Kind} {o.Item} {o.Outcome} {o.Phase}: {o.Reason}");
            Sight.Broken(0, $"stop {stop.Id} on {stop.Target} is still {stop.State}{(stop.Release is null ? string.Empty : ", released")}: {string.Join("; ", unmet)}");
        }

        foreach (var order in Sight.Store.Orders.Where(o => o.State is OrderState.InFlight or OrderState.Unknown))
        {
            Sight.Broken(0, $"order {order.Id} is still {order.State}: {order.Reason}");
        }

        foreach (var heard in Sight.Heard)
        {
            if (IsUnrecorded(heard))
            {
                var engaged = (StopAnswer.Engaged)heard.Answer!; // so it was answered
                Sight.Broken(10, $"stop {engaged.Stop.Id} on {engaged.Stop.Target} was answered without the ledger, and has never been recorded");
            }
        }

        Audit();
    }

    private bool IsUnrecorded(Heard heard) => heard is { Act: Act.Press press, Answer: StopAnswer.Engaged { Result.Recorded: false } engaged }
        && Sight.Store.FindStop(engaged.Stop.Id) is null && !IsTheSameAsAnother(press);

    private bool IsTheSameAsAnother(Act.Press press) => press.Request.IdempotencyKey is { } key
        && Sight.Store.Stops.Any(s => s.Stop.Request.IdempotencyKey == key && s.Stop.Request.RequestedBy.KeyId == press.Request.RequestedBy.KeyId);

    private bool IsSettled(Stop stop) => stop.State switch
    {
        StopState.Completed => true,
        StopState.Working => false,
        _ => Sight.Store.OutcomesOf(stop.Id).All(o => o.Outcome.IsMet() || (o.Outcome == OutcomeKind.Failed && Array.IndexOf(ForGood, o.Phase) >= 0)),
    };

    private void Audit()
    {
        var engaged = new HashSet<string>(StringComparer.Ordinal);
        var at = 0L;
        foreach (var entry in Sight.Store.Audit)
        {
            if (entry.Sequence != ++at)
            {
                Sight.Broken(0, $"audit entry {entry.Sequence} stands at place {at}");
            }

            if (entry.Entry.Action == "stop.engaged")
            {
                engaged.Add(entry.Entry.Subject);
            }
        }

        foreach (var stop in Sight.Store.Stops.Where(s => !engaged.Contains(s.Stop.Id.Value)))
        {
            Sight.Broken(5, $"the audit does not tell of stop {stop.Stop.Id}");
        }
    }
}
