using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>A timer whose ticks are turns of its grain. Disposing it stops it.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets new times; during a tick they count from the end of the tick.</summary>
    /// <param name="dueTime">Until the next tick; endless stops the timer.</param>
    /// <param name="period">Between the end of a tick and the next; endless means one tick.</param>
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>How a grain timer ticks.</summary>
public readonly struct GrainTimerCreationOptions()
{
    /// <summary>Ticks that neither interleave nor keep the activation.</summary>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>Until the first tick.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>Between the end of a tick and the next; endless means one tick.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether ticks start while requests run; default no.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use, so that the activation is not idle; default no.</summary>
    public bool KeepAlive { get; init; }
}
