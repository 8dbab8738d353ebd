namespace Orleans.Solo.Simulation;

/// <summary>A process of a history: what it holds in memory is gone once it is dead.</summary>
public sealed class SimulatedProcess
{
    /// <summary>A process that runs.</summary>
    public SimulatedProcess(SimulatedWorld world, string name)
    {
        (World, Name) = (world, name);
        Time = new(world) { Owner = this };
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The world it lives in.</summary>
    public SimulatedWorld World { get; }

    /// <summary>Whether it runs, frozen or not.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Until then none of its steps happen, as of a process that is stopped or swapped out; its clocks go on.</summary>
    public TimeSpan FrozenUntil { get; private set; }

    /// <summary>Its clocks.</summary>
    public SimulatedTime Time { get; }

    /// <summary>Ends it between two steps: none of its steps happens any more.</summary>
    public void Kill() => IsAlive = false;

    /// <summary>Stops it for a while.</summary>
    public void Freeze(TimeSpan atMost) => FrozenUntil = World.Now + atMost > FrozenUntil ? World.Now + atMost : FrozenUntil;
}
