using System.Diagnostics;

namespace EmergencyStop.Soak;

/// <summary>How long to go on.</summary>
/// <param name="Seed">Seeds every choice that this process makes; the timing of the processes that are killed is the machine's.</param>
/// <param name="Kills">At least so often.</param>
/// <param name="AtLeast">And at least so long.</param>
internal sealed record SoakRun(int Seed, int Kills, TimeSpan AtLeast)
{
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>Whether another round is due.</summary>
    public bool GoesOn(int rounds) => rounds < Kills || Stopwatch.GetElapsedTime(_began) < AtLeast;
}

/// <summary>What a run came to.</summary>
/// <param name="Kills">How often a process was killed.</param>
/// <param name="Answers">How many answers were heard and found kept.</param>
internal sealed record SoakFigures(int Kills, long Answers);

/// <summary>What was seen cannot be if the laws hold.</summary>
public sealed class BrokenLawException(string message) : Exception(message);
