using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 10 and what holds beside the laws: a stop that was answered is in the ledger in the end, every stop comes to its end, no order stays unclear, and the audit tells of all.</summary>
public sealed class NothingStuck(Sight sight) : Witness(sight)
{
    /// <summary>What a venue or the design refuses for good.</summary>
    private static readonly string[] ForGood = ["netted", "in_flight", "attempts", "price"];

    private readonly HashSet<AccountId> _deaf = [];
    private ModelStop? _unsettled; // What was waited for at the last look, and mostly is still.

    /// <summary>Whether there is nothing left to wait for.</summary>
    public bool IsQuiet()
    {
        if (Sight.IsAnyoneFrozen || (_unsettled is { } last && !IsSettled(last.Stop)) || Sight.Presses.Any(IsUnrecorded))
        {
            return false;
        }

        foreach (var stop in Sight.Store.Stops)
        {
            if (!IsSettled(stop.Stop))
            {
                _unsettled = stop;
                return false;
            }
        }

        foreach (var order in Sight.Store.Orders)
        {
            // One whose bytes left late is found by the watch.
            if (order.State is OrderState.InFlight or OrderState.Unknown || (order.State == OrderState.NeverSent && Sight.AtVenue(order) is not null) || IsOvertaken(order))
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
    public override void Recorded(VenueEntry entry)
    {
        if (entry is { Event: VenueEvent.Fault, Fault: VenueFault.NoticeLost })
        {
            _deaf.Add(entry.Account);
        }
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

        foreach (var order in Sight.Store.Orders.Where(IsOvertaken))
        {
            Sight.Broken(4, $"in the end order {order.Id} is Open in the ledger; the venue ended it as {Sight.AtVenue(order)!.State}, and has told of it"); // it is there
        }

        foreach (var heard in Sight.Presses)
        {
            if (IsUnrecorded(heard))
            {
                var engaged = (StopAnswer.Engaged)heard.Answer!; // so it was answered
                Sight.Broken(10, $"stop {engaged.Stop.Id} on {engaged.Stop.Target} was answered without the ledger, and has never been recorded");
            }
        }

        Audit();
    }

    /// <summary>Whether the ledger has an order as open that has ended at a venue which somebody asks, or whose notice of it has met a process that took it in.</summary>
    /// <remarks>A venue that pushes is not asked about what rests there; its orders are gone with the process that it is a part of. What an activation could not tell the ledger is gone with it.</remarks>
    private bool IsOvertaken(Order order) => order.State == OrderState.Open && Sight.AtVenue(order) is { IsOpen: false, EndedAt: { } ended } there
        && (!Sight.Venue.Settings.PushesUpdates || !(_deaf.Contains(there.Account.Id) || Sight.WasAnyCollected || Sight.Plan.Acts.Any(a => a is Act.Kill or Act.FreezeSender)));

    private bool IsUnrecorded(Heard heard) => heard is { Act: Act.Press press, Answer: StopAnswer.Engaged { Result.Recorded: false } engaged }
        && !IsRecorded(Sight, engaged.Stop.Id, press);

    /// <summary>Whether the ledger has a stop, under its own id or under that of another press with the same key.</summary>
    internal static bool IsRecorded(Sight sight, StopId stop, Act.Press press) => sight.Store.FindStop(stop) is not null
        || (press.Request.IdempotencyKey is { } key
            && sight.Store.Stops.Any(s => s.Stop.Request.IdempotencyKey == key && s.Stop.Request.RequestedBy.KeyId == press.Request.RequestedBy.KeyId));

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
