using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 5: what a caller is told of is in the ledger when the answer arrives.</summary>
public sealed class RecordedFirst(Sight sight) : Witness(sight)
{
    /// <inheritdoc/>
    public override void Answered(Heard heard)
    {
        var missing = heard.Answer switch
        {
            PlaceAnswer.Admitted admitted when Sight.Store.FindOrder(admitted.Order.Id) is null => $"order {admitted.Order.Id}",
            StopAnswer.Engaged { Result.Recorded: true } engaged when Sight.Store.FindStop(engaged.Stop.Id) is null => $"stop {engaged.Stop.Id}",
            ReleaseAnswer.Released released when Sight.Store.FindStop(released.Stop.Id)?.Release is null => $"the release of {released.Stop.Id}",
            ReleaseAnswer.Narrowed narrowed when Sight.Store.FindStop(narrowed.Stop.Id) is { Narrowed: null, Release: null } => $"the narrowing of {narrowed.Stop.Id}",
            WaiveAnswer.Waived waived when !Sight.Store.OutcomesOf(waived.Stop.Id).Any(o => o.Item == waived.Item.Item && o.Outcome.IsMet()) => $"the waiver of {waived.Item.Item}",
            ResumeAnswer.Resumed resumed when Sight.Store.FindStrategy(resumed.Strategy.Id) is null => $"the resume of {resumed.Strategy.Id}",
            _ => null,
        };
        if (missing is not null)
        {
            Sight.Broken(5, $"the caller of act {heard.Act.Number} was told of {missing}, and the ledger has no such thing");
        }
    }
}
