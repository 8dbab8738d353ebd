using System.Collections.Immutable;

namespace EmergencyStop.Simulation.Tests.Planted;

/// <summary>A mistake that somebody could have made in <c>src/Grains</c>, and that the simulator must find.</summary>
/// <param name="Name">What switches it on: the value of <see cref="Planting.Switch"/>.</param>
/// <param name="Law">The law of DESIGN that it breaks.</param>
/// <param name="Sentence">What is wrong then.</param>
/// <param name="Edits">What is changed; asleep unless switched on.</param>
public sealed record PlantedBug(string Name, int Law, string Sentence, ImmutableArray<PlantedEdit> Edits)
{
    /// <summary>A mistake of one edit.</summary>
    public PlantedBug(string name, int law, string sentence, string file, string old, string @new)
        : this(name, law, sentence, [new(file, old, @new)])
    {
    }
}

/// <summary>One change of a copy of the source.</summary>
/// <param name="File">Relative to <c>src/Grains</c>.</param>
/// <param name="Old">What stands there, exactly once.</param>
/// <param name="New">What stands there instead; it asks <c>Planted.Is</c> for the bug's name.</param>
public sealed record PlantedEdit(string File, string Old, string New);
