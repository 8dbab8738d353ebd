using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Laws 1 and 3: behind a closed gate no order is admitted, whatever dies and starts again, and what was admitted before leaves within its send window.</summary>
public sealed class NoSlip(Sight sight) : Witness(sight)
{
    private const double Grace = 1.1;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override void Admitted(Order order, string process)
    {
        if (order.Origin is not (OrderOrigin.Placed or OrderOrigin.PastGate))
        {
            return;
        }

        foreach (var stop in Sight.Store.Stops.Select(s => s.Stop))
        {
            if (stop.Number < order.Number && stop.Refuses(order.Terms) && !(order.Origin == OrderOrigin.PastGate && PassedBy(order) >= stop.Number))
            {
                Sight.Broken(1, $"order {order.Id} of {order.Terms.User} {order.Terms.Strategy} in {order.Terms.Symbol} was admitted at number {order.Number} though stop {stop.Id} holds {stop.Target} since number {stop.Number}");
            }
        }

        if (order.Terms.Strategy is { } strategy && order.Origin == OrderOrigin.Placed
            && Sight.Store.FindStrategy(strategy)?.Pauses.FirstOrDefault(p => p.Target.Covers(order.Terms)) is { } pause)
        {
            Sight.Broken(1, $"order {order.Id} of {strategy} was admitted though stop {pause.Stop} has paused it within {pause.Target}");
        }
    }

    /// <inheritdoc/>
    public override void Answered(Heard heard)
    {
        if (heard.Answer is not PlaceAnswer.Admitted { Repeated: false } admitted || heard.Act is Act.PassGate || heard.Try > 1)
        {
            return;
        }

        foreach (var press in Sight.Presses)
        {
            if (press is { Act: Act.Press, Answer: StopAnswer.Engaged { Result: { Recorded: true, Gate: GateHold.Closed } } closed, At: { } at }
                && at < heard.Asked
                && closed.Stop.Refuses(admitted.Order.Terms)
                && !Sight.Heard.Any(h => Opens(h.Act, closed.Stop.Id)))
            {
                Sight.Broken(1, $"order {admitted.Order.Id} was asked for at {heard.Asked.TotalMilliseconds:F3} ms and admitted, though the caller of stop {closed.Stop.Id} on {closed.Stop.Target} had heard at {at.TotalMilliseconds:F3} ms that the gate is closed, and nobody has asked for its release");
            }
        }
    }

    /// <inheritdoc/>
    public override void Recorded(VenueEntry entry)
    {
        if (entry.Event is not (VenueEvent.Received or VenueEvent.ReplaceReceived) || entry.Late || entry.Event == VenueEvent.ReplaceReceived)
        {
            return;
        }

        var row = Ids.OrderId.TryParse(entry.ClientOrderId, out var id, out _) ? Sight.Store.FindOrder(id) : null;
        if (row is not null && Sight.Now - Sight.DrawnAt(row.Number) > Window * Grace)
        {
            Sight.Broken(1, $"order {row.Id} reached the venue {(Sight.Now - Sight.DrawnAt(row.Number)).TotalMilliseconds:F0} ms after its admission; its send window is {Window.TotalMilliseconds:F0} ms");
        }
    }

    private long PassedBy(Order order) => Sight.Heard
        .Where(h => h.Act is Act.PassGate pass && pass.Terms.ClientOrderId == order.Terms.ClientOrderId)
        .SelectMany(h => Sight.Heard.Where(p => p.Act.Number == ((Act.PassGate)h.Act).Stop))
        .Select(p => (p.Answer as StopAnswer.Engaged)?.Stop.Id is { } id ? Sight.Store.FindStop(id)?.Number ?? 0 : 0)
        .DefaultIfEmpty(0).Max();

    /// <summary>Whether somebody has asked to open the stop's gate, in part or whole, by whichever press it is known to them.</summary>
    private bool Opens(Act act, Ids.StopId stop)
    {
        var press = act switch
        {
            Act.Release release => release.Stop,
            Act.Except except => except.Stop,
            _ => -1,
        };
        return press >= 0 && Sight.Heard.Any(h => h.Act.Number == press && h.Answer is StopAnswer.Engaged engaged && engaged.Stop.Id == stop);
    }
}
