using EmergencyStop.Simulation.Tests.Laws;
using EmergencyStop.Simulation.Tests.Venues;

namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <summary>Looks on while a history happens and changes nothing.</summary>
/// <param name="sight">What an outside observer sees.</param>
/// <param name="stage">The world of the history.</param>
public abstract class Onlooker(Sight sight, Stage stage)
{
    protected Sight Sight => sight;

    protected Stage Stage => stage;

    /// <summary>An act begins.</summary>
    public virtual void Begins(Act act)
    {
    }

    /// <summary>A process is about to be killed.</summary>
    public virtual void Killing()
    {
    }

    /// <summary>A commit was carried out.</summary>
    public virtual void Committed(string what)
    {
    }

    /// <summary>The venue has a new line in its record.</summary>
    public virtual void Recorded(VenueEntry entry)
    {
    }

    /// <summary>A caller has heard an answer.</summary>
    public virtual void Answered(Heard heard)
    {
    }

    /// <summary>The history is over, whatever it came to.</summary>
    public virtual void Over()
    {
    }
}
