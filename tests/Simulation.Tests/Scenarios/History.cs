using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Laws;
using EmergencyStop.Simulation.Tests.Machine;
using EmergencyStop.Stopping;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <summary>Runs one scenario to its end, with a witness for each law.</summary>
public sealed class History : IDisposable
{
    private const long MostSteps = 2_000_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestAfterwards = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(3);

    private readonly Plan _plan;
    private readonly Stage _stage;
    private readonly Sight _sight;
    private readonly Witnesses _witnesses;
    private readonly NothingStuck _stuck;
    private readonly Onlooker? _onlooker;
    private readonly List<StopState> _states = []; // By the stops' places in the ledger.
    private int _numbers;
    private int _changes;
    private int _outcomes;
    private int _entries;
    private TimeSpan? _quietSince;
    private bool _isOver;

    public History(Plan plan, Bugs? bugs = null, Action<string>? listener = null, Func<Sight, Stage, Onlooker>? onlooker = null)
    {
        _plan = plan;
        _stage = new(plan, bugs ?? new(), listener);
        var cast = new Cast(_stage);
        _sight = new(plan, _stage, cast);
        var first = new StopComesFirst(_sight);
        _stuck = new(_sight);
        _witnesses = new(
            new NoSlip(_sight), new NothingLeftBehind(_sight), new NoGuessing(_sight), new RecordedFirst(_sight), new Once(_sight),
            new OnlyTheScope(_sight), new WithoutTheLedger(_sight), new DuringAnOutage(_sight), new Latched(_sight), new FreshLook(_sight),
            new Flat(_sight), new AfterTheCancels(_sight), new NeverPastZero(_sight), new OutcomesStand(_sight), new DebtsOutlive(_sight), new StaysReleased(_sight),
            new StaysPaused(_sight), first, new SaidOnce(_sight), _stuck);
        _stage.Urgent = first.Engaged;
        _stage.DrawnAt = _sight.DrawnAt;
        _onlooker = onlooker?.Invoke(_sight, _stage);
        _stage.Killing = () => _onlooker?.Killing();
        _stage.Lane.Asked = Asked;
        _stage.Lane.Heard = HeardLedger;
        _stage.Started = Started;
        _stage.Logged = Logged;
        _stage.Lane.Committed = (what, by) =>
        {
            LookAtLedger(by);
            _onlooker?.Committed(what);
        };
        cast.Answered = Answered;
        Cast = cast;
    }

    public Cast Cast { get; }

    public Stage Stage => _stage;

    public long Steps => _stage.World.Steps;

    /// <summary>Runs it.</summary>
    /// <returns>The laws that were broken, first one first.</returns>
    public async Task<IReadOnlyList<Violation>> RunAsync()
    {
        Register();
        _stage.StartAll();
        foreach (var act in _plan.Acts)
        {
            _stage.World.After(act.At, null, () =>
            {
                _onlooker?.Begins(act);
                Cast.Do(act);
            });
        }

        _stage.World.After(_plan.Chaos, null, () =>
        {
            _stage.Heal();
            Look();
        });
        await SimulatedThread.RunAsync(_stage.World, GoesOn);
        if (_stage.World.Steps >= MostSteps)
        {
            _sight.Broken(0, $"the history has not ended after {MostSteps} steps");
        }

        LookAtVenue();
        if (_sight.Violations.Count == 0)
        {
            foreach (var witness in _witnesses.Over)
            {
                witness.Over();
            }
        }

        _onlooker?.Over();
        return _sight.Violations;
    }

    public void Dispose() => _stage.Dispose();

    private void Register()
    {
        foreach (var (i, strategy) in _plan.Strategies.Index())
        {
            var callback = i % 2 == 0 ? $"http://{strategy.Id}.test/" : null; // Every other one wants to be told.
            _stage.Store.Commit(() => _stage.Store.Register(strategy.Id, strategy.Owner, null, callback, mayChangeOwner: false, SimulatedTime.Beginning));
        }
    }

    private bool GoesOn()
    {
        LookAtVenue();
        return !_isOver && _stage.World.Steps < MostSteps && _sight.Violations.Count == 0;
    }

    /// <summary>Ends the history once all has been quiet for a while, or time is up.</summary>
    private void Look()
    {
        _quietSince = _stuck.IsQuiet() ? _quietSince ?? _stage.World.Now : null;
        _isOver = _stage.World.Now - _quietSince >= QuietFor || _stage.World.Now > _plan.Chaos + LongestAfterwards;
        _stage.World.After(LookEvery, null, Look);
    }

    private void LookAtLedger(string by)
    {
        var store = _stage.Store;
        _sight.NoteNumbers();
        for (; _numbers < store.Numbers.Count; _numbers++)
        {
            var drawn = store.Numbers[_numbers];
            foreach (var witness in _witnesses.Drawn)
            {
                witness.Drawn(drawn);
            }
            if (store.Numbers[_numbers] is { Kind: Ledger.NumberKind.Admitted, Subject: var subject } && store.FindOrder(OrderId.Parse(subject)) is { } order)
            {
                foreach (var witness in _witnesses.Admitted)
                {
                    witness.Admitted(order, by);
                }
            }
        }

        for (; _changes < store.Changes.Count; _changes++)
        {
            var after = store.Changes[_changes].After;
            foreach (var witness in _witnesses.Changed)
            {
                witness.Changed(after);
            }
        }

        for (; _outcomes < store.OutcomeChanges.Count; _outcomes++)
        {
            var change = store.OutcomeChanges[_outcomes];
            foreach (var witness in _witnesses.Settled)
            {
                witness.Settled(change);
            }
        }

        for (var i = 0; i < store.Stops.Count; i++)
        {
            if (i == _states.Count)
            {
                _states.Add(StopState.Working);
            }

            var (row, before) = (store.Stops[i], _states[i]);
            if (before != row.Stop.State)
            {
                _states[i] = row.Stop.State;
                foreach (var witness in _witnesses.Came)
                {
                    witness.Came(row.Stop, before);
                }
            }
        }
    }

    private void LookAtVenue()
    {
        for (; _entries < _stage.Venue.Record.Count; _entries++)
        {
            var entry = _stage.Venue.Record[_entries];
            _sight.Note(entry);
            foreach (var witness in _witnesses.Recorded)
            {
                witness.Recorded(entry);
            }

            _onlooker?.Recorded(entry);
        }
    }

    private void Asked(string what, string by)
    {
        foreach (var witness in _witnesses.Asked)
        {
            witness.Asked(what, by);
        }
    }

    private void HeardLedger(string by)
    {
        foreach (var witness in _witnesses.HeardLedger)
        {
            witness.HeardLedger(by);
        }
    }

    private void Started(string process)
    {
        foreach (var witness in _witnesses.Started)
        {
            witness.Started(process);
        }
    }

    private void Logged(Logged entry)
    {
        foreach (var witness in _witnesses.Logged)
        {
            witness.Logged(entry);
        }
    }

    private void Answered(Heard heard)
    {
        foreach (var witness in _witnesses.Answered)
        {
            witness.Answered(heard);
        }

        _onlooker?.Answered(heard);
    }
}
