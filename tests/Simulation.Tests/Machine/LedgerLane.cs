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
    private readonly LinkedList<Commit> _urgent = new();
    private readonly LinkedList<Commit> _waiting = new();
    private readonly List<Commit> _batch = [];
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

    private void Enter(Commit commit)
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

    private void Take(LinkedList<Commit> from)
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

    private bool IsLostFor(Commit commit)
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

    private void Note(Commit commit, string what)
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
        private readonly SeededRandom _random = process.World.RandomOf("ledger/" + process.Name);

        /// <summary>Until then this process cannot reach it, though others can.</summary>
        public TimeSpan CutUntil { get; set; }

        /// <summary>Called when an urgent commit is asked for, with how many commits had begun then, and when it is carried out.</summary>
        public Action<string, long, long>? Urgent { get; set; }

        private bool IsOutOfReach => lane.IsDown || process.World.Now < CutUntil;

        public Task<T> ReadAsync<T>(string what, Func<T> read)
        {
            var answer = new TaskCompletionSource<T>();
            process.World.After(Hop(), process, () =>
            {
                if (IsOutOfReach || _random.Chance(lane.Faults.ReadFails))
                {
                    answer.SetException(Unavailable(what));
                    return;
                }

                try
                {
                    var value = read();
                    process.World.After(Hop(), process, () =>
                    {
                        lane.Heard?.Invoke(process.Name);
                        answer.SetResult(value);
                    });
                }
                catch (ArgumentException e)
                {
                    answer.SetException(e);
                }
            });
            return answer.Task;
        }

        public Task<T> CommitAsync<T>(string what, bool urgent, Func<T> commit)
        {
            var asked = new Commit<T>(what, urgent, this, commit);
            lane.Asked?.Invoke(what, process.Name);
            process.World.After(urgent ? TimeSpan.Zero : Hop(), process, () =>
            {
                if (IsOutOfReach)
                {
                    asked.Refuse();
                }
                else
                {
                    asked.BegunBefore = lane.Begun;
                    lane.Enter(asked);
                }
            });
            return asked.Task;
        }

        internal SimulatedProcess Process => process;

        internal LedgerLane Lane => lane;

        internal TimeSpan Hop() => new(_random.Next((int)LongestHop.Ticks));
    }

    private abstract class Commit(string what, bool urgent)
    {
        public string What => what;

        public bool Urgent => urgent;

        public abstract string By { get; }

        public abstract string? Result { get; }

        public abstract void CarryOut();

        public abstract void Answer();

        public abstract void Refuse();

        public abstract void CutOff(TimeSpan until);
    }

    private sealed class Commit<T>(string what, bool urgent, Way way, Func<T> commit) : Commit(what, urgent)
    {
        private readonly TaskCompletionSource<T> _answer = new();
        private T _value = default!; // set by CarryOut, without which there is no answer
        private Exception? _failure;

        public Task<T> Task => _answer.Task;

        public long BegunBefore { get; set; }

        public override string By => way.Process.Name;

        public override void CutOff(TimeSpan until) => way.CutUntil = until;

        public override string? Result => _value is null ? null : Scenarios.Words.OfCommit(_value);

        public override void CarryOut()
        {
            try
            {
                _value = commit();
            }
            catch (ArgumentException e)
            {
                _failure = e; // A caller's bug is the caller's to hear of.
            }

            if (Urgent || What == Engage)
            {
                way.Urgent?.Invoke(What, BegunBefore, way.Lane.Begun);
            }
        }

        public override void Answer() => way.Process.World.After(way.Hop(), way.Process, () =>
        {
            way.Lane.Heard?.Invoke(way.Process.Name);
            if (_failure is { } failure)
            {
                _answer.TrySetException(failure);
            }
            else
            {
                _answer.TrySetResult(_value);
            }
        });

        public override void Refuse() => way.Process.World.After(way.Hop(), way.Process, () => _answer.TrySetException(Unavailable(What)));
    }
}
