using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 10: a process that holds a stop which is not recorded admits nothing, and what was spooled never latches what was released.</summary>
public sealed class WithoutTheLedger(Sight sight) : Witness(sight)
{
    private readonly HashSet<string> _released = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void Drawn(DrawnNumber number)
    {
        if (number.Kind == NumberKind.Released)
        {
            _released.Add(number.Subject);
        }

        foreach (var latch in _released.Count == 0 ? [] : Sight.Store.Latches)
        {
            if (_released.Contains(latch.Stop.Value))
            {
                Sight.Broken(10, $"stop {latch.Stop} was released, and holds {latch.Target} again");
            }
        }
    }

    /// <inheritdoc/>
    public override void Answered(Heard heard)
    {
        // With one process the grain that admits is in the process that holds.
        if (Sight.Plan.Processes > 1 || heard.Answer is not PlaceAnswer.Admitted { Repeated: false } admitted)
        {
            return;
        }

        foreach (var press in Sight.Heard)
        {
            if (press is { Act: Act.Press, Answer: StopAnswer.Engaged { Result.Recorded: false } held, At: { } at } && at < heard.Asked && press.Process == heard.Process
                && !IsRecordedBefore(held.Stop.Id, (Act.Press)press.Act, admitted.Order))
            {
                Sight.Broken(10, $"order {admitted.Order.Id} was admitted by {heard.Process}, which holds stop {held.Stop.Id} that the ledger has not got");
            }
        }
    }

    private bool IsRecordedBefore(StopId id, Act.Press press, Order order) => Sight.Store.Stops.Any(s => s.Stop.Number < order.Number
        && (s.Stop.Id == id || (press.Request.IdempotencyKey is { } key && s.Stop.Request.IdempotencyKey == key && s.Stop.Request.RequestedBy.KeyId == press.Request.RequestedBy.KeyId)));
}
