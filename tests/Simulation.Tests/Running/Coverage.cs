using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Laws;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Notes which situations one history meets.</summary>
public sealed class Coverage(Sight sight, Stage stage) : Onlooker(sight, stage)
{
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(20);

    private readonly HashSet<string> _met = new(StringComparer.Ordinal);
    private readonly HashSet<(ObligationKind Kind, OutcomeKind Outcome)> _outcomes = [];
    private readonly HashSet<(VenueFault Fault, StopStep Step)> _struck = [];
    private readonly HashSet<StopStep> _killed = [];
    private int _numbers;
    private int _audit;

    /// <summary>What it met.</summary>
    public IReadOnlyCollection<string> Met => _met;

    private DateTimeOffset Now => SimulatedTime.Beginning + Sight.Now;

    private bool IsAnyUnfinished
    {
        get
        {
            foreach (var row in Sight.Store.Stops)
            {
                if (row.Stop.State != StopState.Completed)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public override void Begins(Act act)
    {
        switch (act)
        {
            case Act.Press when Stage.Lane.IsDown:
                _met.Add(Situations.LedgerDownAtEngage);
                break;
            case Act.MarketClosed when IsAnyUnfinished:
                _met.Add(Situations.MarketClosed);
                break;
            case Act.Jump when IsAnyUnfinished:
                _met.Add(Situations.ClockJumps);
                break;
            case Act.Freeze when IsAnyUnfinished:
                _met.Add(Situations.FrozenDuringStop);
                break;
            case Act.Cut when IsAnyUnfinished:
                _met.Add(Situations.CutDuringStop);
                break;
            default:
                break;
        }
    }

    public override void Killing()
    {
        foreach (var row in Sight.Store.Stops)
        {
            _killed.Add(StopSteps.Of(row, Now));
        }
    }

    public override void Committed(string what)
    {
        for (; _numbers < Sight.Store.Numbers.Count; _numbers++)
        {
            Drawn(Sight.Store.Numbers[_numbers]);
        }

        for (; _audit < Sight.Store.Audit.Count; _audit++)
        {
            switch (Sight.Store.Audit[_audit].Entry.Action)
            {
                case "stop.replayed":
                    _met.Add(Situations.Replayed);
                    break;
                case "stop.reopened":
                    _met.Add(Situations.LateWrite);
                    break;
                default:
                    break;
            }
        }

        if (what is "record sweep" or "record outcomes" or "record" or "end pass" or "pause" or "waive")
        {
            LookAtOutcomes();
        }
    }

    public override void Recorded(VenueEntry entry)
    {
        if (entry is not { Event: VenueEvent.Fault, Fault: { } fault })
        {
            return;
        }

        foreach (var row in Sight.Store.Stops)
        {
            if (row.Stop.Target.User is not { } user || user.Value == entry.Account.Value)
            {
                _struck.Add((fault, StopSteps.Of(row, Now)));
            }
        }
    }

    public override void Answered(Heard heard)
    {
        _met.Add(Situations.Answered(heard));
        if (heard.Answer is StopAnswer.Engaged engaged)
        {
            var row = Sight.Store.FindStop(engaged.Stop.Id);
            if (!engaged.Result.Recorded && row is not null)
            {
                _met.Add(Situations.AnswerLostAtEngage);
            }

            if (engaged is { Result.Recorded: true, Repeated: false } && row is not null && !Stage.Lane.IsDown && Sight.DrawnAt(row.Number) - heard.Asked > Stall)
            {
                _met.Add(Situations.StallAtEngage);
            }
        }
    }

    public override void Over()
    {
        LookAtOutcomes();
        Note(Stage.Cluster.Twins > 0, Situations.Twin);
        Note(Stage.Cluster.Collections > 0, Situations.Collected);
        _met.UnionWith(_outcomes.Select(o => Situations.Outcome(o.Kind, o.Outcome)));
        _met.UnionWith(_struck.Select(s => Situations.Struck(s.Fault, s.Step)));
        _met.UnionWith(_killed.Select(Situations.Killed));
    }

    private void Drawn(DrawnNumber drawn)
    {
        switch (drawn.Kind)
        {
            case NumberKind.Adopted:
                _met.Add(Situations.Adopted);
                break;
            case NumberKind.Closing:
                Note(Sight.Store.FindOrder(Ids.OrderId.Parse(drawn.Subject)) is { Attempt: > 1 }, Situations.ClosingAttempts);
                break;
            case NumberKind.Engaged:
                Engaged(Sight.Store.FindStop(Ids.StopId.Parse(drawn.Subject))!); // it was engaged just now
                break;
            default:
                break;
        }
    }

    private void Engaged(Stop stop)
    {
        var others = Sight.Store.Stops.Select(s => s.Stop).Where(s => s.Id != stop.Id && s.State == StopState.Working).ToArray();
        foreach (var order in Sight.Store.Orders)
        {
            if (stop.Owes(order))
            {
                Note(order.State == OrderState.InFlight && Sight.AtVenue(order) is null, Situations.InFlightAtEngage);
                Note(Array.Exists(others, o => o.Owes(order)), Situations.Overlap);
            }
        }
    }

    private void LookAtOutcomes()
    {
        foreach (var row in Sight.Store.Stops)
        {
            foreach (var outcome in row.Outcomes.Sorted)
            {
                _outcomes.Add((outcome.Kind, outcome.Outcome));
            }
        }
    }

    private void Note(bool isMet, string situation)
    {
        if (isMet)
        {
            _met.Add(situation);
        }
    }
}
