using EmergencyStop.Ids;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 10: a process that holds a stop which is not recorded admits nothing, and what was spooled never latches what was released.</summary>
public sealed class WithoutTheLedger(Sight sight) : Witness(sight)
{
    private const double Drift = 1.1;

    /// <summary>How long the commit of a record waits, where none stalls.</summary>
    private static readonly TimeSpan Commit = TimeSpan.FromMilliseconds(500);

    private GateView? _seen;
    private readonly HashSet<string> _released = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void Drawn(DrawnNumber number)
    {
        if (number.Kind == NumberKind.Engaged && Sight.Store.FindStop(StopId.Parse(number.Subject)) is { Options.ClosePositions: true } stop)
        {
            AskedInTime(stop);
        }

        if (number.Kind == NumberKind.Released)
        {
            _released.Add(number.Subject);
        }
    }

    /// <inheritdoc/>
    public override void HeardLedger(string process)
    {
        if (_released.Count == 0 || Sight.Store.View == _seen)
        {
            return;
        }

        _seen = Sight.Store.View;
        foreach (var latch in _seen.Latches)
        {
            if (_released.Contains(latch.Stop.Value))
            {
                Sight.Broken(10, $"stop {latch.Stop} was released, and holds {latch.Target} again");
                return;
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

        foreach (var press in Sight.Presses)
        {
            if (press is { Act: Act.Press, Answer: StopAnswer.Engaged { Result.Recorded: false } held, At: { } at } && at < heard.Asked && press.Process == heard.Process
                && !IsRecordedBefore(held.Stop.Id, (Act.Press)press.Act, admitted.Order))
            {
                Sight.Broken(10, $"order {admitted.Order.Id} was admitted by {heard.Process}, which holds stop {held.Stop.Id} that the ledger has not got");
            }
        }
    }

    /// <summary>What was pressed long ago closes no positions without a person's word; whose clock was set since knows no better.</summary>
    private void AskedInTime(Stop stop)
    {
        if (Sight.Plan.Acts.Any(a => a is Act.Jump && a.At <= Sight.Now))
        {
            return;
        }

        var told = Sight.Heard.LastOrDefault(h => h is { Answer: StopAnswer.Engaged { Result.Recorded: false } answer } && answer.Stop.Id == stop.Id)?.At;
        if (told is { } at && Sight.Now - at > (Sight.CloseWithin * Drift) + Commit + (Sight.Stalls ?? TimeSpan.Zero)
            && Sight.Store.Audit.Any(a => a.Entry.Action == "stop.replayed" && a.Entry.Subject == stop.Id.Value))
        {
            Sight.Broken(10, $"stop {stop.Id} on {stop.Target} was answered at {at.TotalMilliseconds:F3} ms, is recorded from the spool {(Sight.Now - at).TotalSeconds:F1} s later, and is to close positions without a person's word");
        }
    }

    private bool IsRecordedBefore(StopId id, Act.Press press, Order order) => Sight.Store.Stops.Any(s => s.Stop.Number < order.Number
        && (s.Stop.Id == id || (press.Request.IdempotencyKey is { } key && s.Stop.Request.IdempotencyKey == key && s.Stop.Request.RequestedBy.KeyId == press.Request.RequestedBy.KeyId)));
}
