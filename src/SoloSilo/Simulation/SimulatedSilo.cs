using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Orleans.Solo.Simulation;

/// <summary>One process that hosts grains: its turns and its calls are steps of the history.</summary>
public sealed class SimulatedSilo : ITurnScheduler, ICallCarrier
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMicroseconds(30);
    private static readonly TimeSpan ShortestHop = TimeSpan.FromMicroseconds(30);
    private static readonly TimeSpan LongestHop = TimeSpan.FromMilliseconds(2);
    private static readonly Action<object?> RunTurn = static queue => ((ITurnQueue)queue!).RunTurn(); // the state is handed over beside it
    private static readonly Action<object?> ArriveStep = static journey => ((Journey)journey!).Arrive(); // the state is handed over beside it

    private static SoloRuntime? s_pattern;

    private readonly SimulatedCluster _cluster;
    private readonly SeededRandom _random;
    private readonly SoloRuntime _runtime;

    internal SimulatedSilo(SimulatedCluster cluster, SimulatedProcess process)
    {
        (_cluster, Process) = (cluster, process);
        _random = process.World.RandomOf("turns/" + process.Name);
        _runtime = new(Services, Options.Create(cluster.OptionsOf(this)), NullLogger.Instance, s_pattern) { Carrier = this };
        s_pattern ??= _runtime;
        Grains = new SoloGrainFactory(_runtime, Services);
        Services.Add(Grains);
    }

    /// <summary>The process.</summary>
    public SimulatedProcess Process { get; }

    /// <summary>Its services.</summary>
    public SimulatedServices Services { get; } = new();

    /// <summary>The way to grains from within this process.</summary>
    public IGrainFactory Grains { get; }

    /// <summary>How many activations live here.</summary>
    public int Activations => _runtime.Activations.Count;

    /// <inheritdoc/>
    void ITurnScheduler.Schedule(ITurnQueue queue)
    {
        var slow = _random.Chance(_cluster.Rates.SlowTurn);
        var wait = slow
            ? _random.LogBetween(TimeSpan.FromMilliseconds(1), _cluster.Rates.SlowestTurn)
            : new TimeSpan(_random.Next((int)LongestTurn.Ticks));
        Process.World.After(wait, Process, RunTurn, queue);
        if (_random.Chance(_cluster.Rates.Collection))
        {
            Collect(queue.GrainId, wait);
        }
    }

    /// <inheritdoc/>
    void ICallCarrier.Carry(GrainCall call)
    {
        var home = _cluster.HomeOf(call.GrainId, this);
        if (home is null)
        {
            Refuse(call, "No process hosts grains.");
            return;
        }

        var isFar = home != this;
        if (isFar && _random.Chance(_cluster.Rates.CallLost))
        {
            Process.World.Note(Process.Name, $"call {call.Method.Name} to {call.GrainId} is lost on its way");
            return;
        }

        Process.World.After(Hop(isFar), null, ArriveStep, new Journey(this, call, home));
    }

    /// <inheritdoc/>
    void ICallCarrier.CarryBack(GrainCall call, Activation from, Action arrive)
    {
        var isFar = from.Runtime != _runtime;
        if (isFar && _random.Chance(_cluster.Rates.AnswerLost))
        {
            Process.World.Note(Process.Name, $"the answer of {call.Method.Name} to {call.GrainId} is lost on its way back");
            return;
        }

        Process.World.After(Hop(isFar), Process, arrive);
    }

    internal void Begin()
    {
#pragma warning disable CA2000 // Its timers end with the process.
        _ = new SoloSiloHostedService(_runtime, NullLogger<SoloSiloHostedService>.Instance).StartAsync(CancellationToken.None);
#pragma warning restore CA2000
    }

    private TimeSpan Hop(bool isFar) => isFar ? _random.LogBetween(ShortestHop, LongestHop) : new TimeSpan(_random.Next(20));

    private void Arrive(GrainCall call, SimulatedSilo home)
    {
        if (!home.Process.IsAlive)
        {
            Refuse(call, $"{home.Process.Name} is gone.");
        }
        else if (home.Process.FrozenUntil > home.Process.World.Now)
        {
            home.Process.World.After(TimeSpan.Zero, home.Process, () => home._runtime.Activations.Deliver(call, call.GrainId));
        }
        else
        {
            home._runtime.Activations.Deliver(call, call.GrainId);
        }
    }

    private void Refuse(GrainCall call, string why) =>
        Process.World.After(Hop(isFar: true), Process, () => call.Refuse(new SiloUnavailableException(why)));

    private void Collect(GrainId grain, TimeSpan wait) => Process.World.After(wait, Process, () =>
    {
        if (_runtime.Activations.Find(grain) is { State: ActivationState.Valid } activation)
        {
            _cluster.Collections++;
            Process.World.Note(Process.Name, $"{grain} is collected");
            activation.Deactivate(new(DeactivationReasonCode.ActivationIdle, "Collected."));
        }
    });

    /// <summary>A call on its way to the process that it was sent to.</summary>
    private sealed class Journey(SimulatedSilo from, GrainCall call, SimulatedSilo home)
    {
        public void Arrive() => from.Arrive(call, home);
    }
}
