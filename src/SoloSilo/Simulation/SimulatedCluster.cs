using System.Reflection;
using Orleans.Runtime;

namespace Orleans.Solo.Simulation;

/// <summary>The processes that host the grains of one history, and the calls between them.</summary>
/// <remarks>
/// A grain lives in the process where it was first called, until that process is dead. Where the directory errs
/// (<see cref="SimulatedRates.Twin"/>) it lives in two at once, as on a cluster that is split or slow to agree.
/// </remarks>
public sealed class SimulatedCluster
{
    private readonly Dictionary<GrainId, SimulatedSilo> _homes = [];
    private readonly List<SimulatedSilo> _silos = [];
    private readonly Assembly[] _assemblies;
    private readonly SeededRandom _ids;
    private readonly SeededRandom _random;

    /// <summary>A cluster without processes.</summary>
    /// <param name="world">The history.</param>
    /// <param name="rates">The faults; they may be changed at any time.</param>
    /// <param name="assemblies">Where the grain classes and contracts are; the same for every cluster of this program.</param>
    public SimulatedCluster(SimulatedWorld world, SimulatedRates rates, params Assembly[] assemblies)
    {
        ArgumentNullException.ThrowIfNull(world);
        (World, Rates) = (world, rates);
        _random = world.RandomOf("cluster");
        _ids = world.RandomOf("ids");
        _assemblies = assemblies;
    }

    /// <summary>The history.</summary>
    public SimulatedWorld World { get; }

    /// <summary>The faults.</summary>
    public SimulatedRates Rates { get; }

    /// <summary>How often a grain has come to live in a second process while its first still ran.</summary>
    public int Twins { get; private set; }

    /// <summary>How many activations were asked to end before they were idle.</summary>
    public int Collections { get; internal set; }

    /// <summary>Starts a process.</summary>
    /// <param name="name">What it is called; unique in the history.</param>
    /// <param name="furnish">Adds its services, after which its grains can be called.</param>
    public SimulatedSilo Start(string name, Action<SimulatedSilo, SimulatedServices> furnish)
    {
        ArgumentNullException.ThrowIfNull(furnish);
        var silo = new SimulatedSilo(this, new SimulatedProcess(World, name));
        furnish(silo, silo.Services);
        _silos.Add(silo);
        silo.Begin();
        return silo;
    }

    /// <summary>Kills a process between two steps.</summary>
    public void Kill(SimulatedSilo silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Process.Kill();
        TakeForDead(silo);
    }

    /// <summary>The others take a process for dead that only stands still: its grains live elsewhere from their next call on, and it goes on with those that it has.</summary>
    public void TakeForDead(SimulatedSilo silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        _silos.Remove(silo);
        foreach (var gone in _homes.Where(home => home.Value == silo).Select(home => home.Key).ToArray())
        {
            _homes.Remove(gone);
        }
    }

    /// <summary>Options of one process.</summary>
    internal SoloSiloOptions OptionsOf(SimulatedSilo silo)
    {
        var options = new SoloSiloOptions { Random = _ids, TurnScheduler = silo, TimeProvider = silo.Process.Time };
        options.GrainAssemblies.UnionWith(_assemblies);
        return options;
    }

    /// <summary>The process that a call goes to; <c>null</c> when none runs.</summary>
    internal SimulatedSilo? HomeOf(GrainId grain, SimulatedSilo caller)
    {
        if (_homes.TryGetValue(grain, out var home))
        {
            if (_silos.Count > 1 && _random.Chance(Rates.Twin))
            {
                var other = _random.Pick(_silos);
                if (other != home)
                {
                    Twins++;
                    World.Note("cluster", $"{grain} lives in {home.Process.Name} and now in {other.Process.Name} too");
                    return _homes[grain] = other;
                }
            }

            return home;
        }

        // Mostly where it is first called, as a placement that prefers the caller's process does.
        var first = _silos.Count == 0 ? null : caller.Process.IsAlive && _random.Chance(0.5) ? caller : _random.Pick(_silos);
        if (first is not null)
        {
            _homes[grain] = first;
        }

        return first;
    }
}
