using EmergencyStop.Ledger;
using EmergencyStop.Simulation.Tests.Ledger;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Machine;

/// <summary>The ledger's one writer: commits of all processes one after the other, urgent ones first, with all that may befall them.</summary>
/// <remarks>What waits while a commit is under way goes into the next one together, as in a group commit; each of it stands or falls alone.</remarks>
public sealed class LedgerLane(SimulatedWorld world, LedgerFaults faults)
{
    /// <summary>What the ledger calls the commit that closes a gate: it comes first, whatever it says of itself.</summary>
    private const string Engage = "engage";

    private static readonly TimeSpan ShortestCommit = TimeSpan.FromMicroseconds(40);
    private static readonly TimeSpan LongestCommit = TimeSpan.FromMilliseconds(6);
    private const int MostTogether = 64;

    private readonly SeededRandom _random = world.RandomOf("ledger");
    private readonly LinkedList<OnItsWay> _urgent = new();
    private readonly LinkedList<OnItsWay> _waiting = new();
    private readonly List<OnItsWay> _batch = [];
    private TimeSpan? _losesEngage;
    private bool _committing;

    public LedgerFaults Faults => faults;

    /// <summary>Until then it cannot be used.</summary>
    public TimeSpan DownUntil { get; private set; }

    /// <summary>Since when it could last not be used.</summary>
    public TimeSpan DownSince { get; private set; }

    public bool IsDown => world.Now < DownUntil;

    /// <summary>How many commits have begun; an observer of who waits for whom.</summary>
    public long Begun { get; private set; }

    /// <summary>Called after each commit that was carried out: what it was, and which process asked for it.</summary>
    public Action<string, string>? Committed { get; set; }

    /// <summary>Called when a process asks for a commit: what, and which process.</summary>
    public Action<string, string>? Asked { get; set; }

    /// <summary>Called when a process hears an answer of the ledger, and with it how the gate is.</summary>
    public Action<string>? Heard { get; set; }

    /// <summary>When a commit was last refused, lost its answer or stalled; <c>null</c> when never.</summary>
    public TimeSpan? LastStruck { get; private set; }

    public void GoDown(TimeSpan atMost)
    {
        DownSince = IsDown ? DownSince : world.Now;
        DownUntil = world.Now + atMost > DownUntil ? world.Now + atMost : DownUntil;
        world.Note("ledger", $"is down for {atMost.TotalMilliseconds:0} ms");
    }

    /// <summary>The next engage loses its answer, and its process cannot reach the ledger for this long; <c>null</c> for none.</summary>
    public void LoseNextEngage(TimeSpan? lasts) => _losesEngage = lasts;

    public void ComeBack() => DownUntil = TimeSpan.Zero;

    /// <summary>The way of one process to it.</summary>
    public Way Of(SimulatedProcess process) => new(this, process);

    private void Enter(OnItsWay commit)
    {
        (commit.Urgent ? _urgent : _waiting).AddLast(commit);
        if (!_committing)
        {
            Begin();
        }
    }

    private void Begin()
    {
        _committing = true;
        Begun++;
        Take(_urgent);
        if (_batch.Count == 0)
        {
            Take(_waiting);
        }

        var stalls = _random.Chance(faults.Stalls);
        Strike(stalls);
        var takes = stalls ? _random.LogBetween(LongestCommit, faults.LongestStall) : _random.LogBetween(ShortestCommit, LongestCommit);
        world.After(takes, null, End);
    }

    private void Take(LinkedList<OnItsWay> from)
    {
        while (_batch.Count < MostTogether && from.First is { } first)
        {
            _batch.Add(first.Value);
            from.RemoveFirst();
        }
    }

    private void End()
    {
        foreach (var commit in _batch)
        {
            if (IsDown || _random.Chance(faults.Fails))
            {
                Strike(true);
                Note(commit, "is refused");
                commit.Refuse();
            }
            else
            {
                commit.CarryOut();
                var lost = _random.Chance(faults.AnswerLost) || IsLostFor(commit);
                Note(commit, lost ? "is carried out, its answer is lost" : "is carried out");
                Committed?.Invoke(commit.What, commit.By);
                if (lost)
                {
                    Strike(true);
                    commit.Refuse();
                }
                else
                {
                    commit.Answer();
                }
            }
        }

        _batch.Clear();
        _committing = false;
        if (_urgent.Count + _waiting.Count > 0)
        {
            Begin();
        }
    }

    private bool IsLostFor(OnItsWay commit)
    {
        if (_losesEngage is not { } lasts || commit.What != Engage)
        {
            return false;
        }

        _losesEngage = null;
        commit.CutOff(world.Now + lasts);
        return true;
    }

    private void Strike(bool strikes) => LastStruck = strikes ? world.Now : LastStruck;

    private void Note(OnItsWay commit, string what)
    {
        if (world.Listener is not null)
        {
            world.Note("ledger", $"{commit.What} of {commit.By} {what}{commit.Result}");
        }
    }

    private static LedgerUnavailableException Unavailable(string what) => new($"The ledger cannot be used ({what}).");

    /// <summary>One process's calls.</summary>
    public sealed class Way(LedgerLane lane, SimulatedProcess process) : ILedgerFate
    {
        private static readonly TimeSpan LongestHop = TimeSpan.FromMicroseconds(400);
        private static readonly Action<object?> ReadStep = static read => ((OnItsWay)read!).Read(); // the state is handed over beside it
        private static readonly Action<object?> EnterStep = static commit => ((OnItsWay)commit!).Enter(); // the same
        private readonly SeededRandom _random = process.World.RandomOf("ledger/" + process.Name);

        /// <summary>Until then this process cannot reach it, though others can.</summary>
        public TimeSpan CutUntil { get; set; }

        /// <summary>Called when an urgent commit is asked for, with how many commits had begun then, and when it is carried out.</summary>
        public Action<string, long, long>? Urgent { get; set; }

        internal bool IsOutOfReach => lane.IsDown || process.World.Now < CutUntil;

        internal bool ReadFails => _random.Chance(lane.Faults.ReadFails);

        internal SimulatedProcess Process => process;

        internal LedgerLane Lane => lane;

        public void Read(LedgerCall call) => process.World.After(Hop(), process, ReadStep, new OnItsWay(call, this));

        public void Commit(LedgerCall call)
        {
            lane.Asked?.Invoke(call.What, process.Name);
            process.World.After(call.Urgent ? TimeSpan.Zero : Hop(), process, EnterStep, new OnItsWay(call, this));
        }

        internal TimeSpan Hop() => new(_random.Next((int)LongestHop.Ticks));
    }

    /// <summary>A call with the way that it takes.</summary>
    internal sealed class OnItsWay(LedgerCall call, Way way)
    {
        private static readonly Action<object?> AnswerStep = static answered => ((OnItsWay)answered!).Hear(); // the state is handed over beside it
        private static readonly Action<object?> RefuseStep = static refused => ((OnItsWay)refused!).HearRefusal(); // the same
        private long _begunBefore;

        public string What => call.What;

        public bool Urgent => call.Urgent;

        public string By => way.Process.Name;

        public string? Result => Scenarios.Words.OfCommit(call.Value);

        public void Read()
        {
            if (way.IsOutOfReach || way.ReadFails)
            {
                HearRefusal();
                return;
            }

            call.CarryOut();
            if (call.HasFailed)
            {
                call.Answer();
            }
            else
            {
                Answer();
            }
        }

        public void Enter()
        {
            if (way.IsOutOfReach)
            {
                Refuse();
                return;
            }

            _begunBefore = way.Lane.Begun;
            way.Lane.Enter(this);
        }

        public void CutOff(TimeSpan until) => way.CutUntil = until;

        public void CarryOut()
        {
            call.CarryOut();
            if (Urgent || What == Engage)
            {
                way.Urgent?.Invoke(What, _begunBefore, way.Lane.Begun);
            }
        }

        public void Answer() => way.Process.World.After(way.Hop(), way.Process, AnswerStep, this);

        public void Refuse() => way.Process.World.After(way.Hop(), way.Process, RefuseStep, this);

        private void Hear()
        {
            way.Lane.Heard?.Invoke(way.Process.Name);
            call.Answer();
        }

        private void HearRefusal() => call.Refuse(Unavailable(What));
    }
}
