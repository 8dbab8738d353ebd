using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Simulation.Tests.Machine;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Watches one law over one history. It stands apart from scenarios and grains, and sees what <see cref="Sight"/> shows.</summary>
public abstract class Witness(Sight sight)
{
    protected Sight Sight => sight;

    /// <summary>An order has passed the gate, in the commit that was just carried out for a process.</summary>
    public virtual void Admitted(Order order, string process)
    {
    }

    /// <summary>A number was drawn, in the commit that was just carried out.</summary>
    public virtual void Drawn(DrawnNumber number)
    {
    }

    /// <summary>The ledger's row of an order has changed.</summary>
    public virtual void Changed(Order order)
    {
    }

    /// <summary>A stop's state has changed in the ledger.</summary>
    public virtual void Came(Stop stop, StopState before)
    {
    }

    /// <summary>An outcome of a stop was written.</summary>
    public virtual void Settled(OutcomeChange change)
    {
    }

    /// <summary>A process asks the ledger for a commit.</summary>
    public virtual void Asked(string what, string process)
    {
    }

    /// <summary>A process has started.</summary>
    public virtual void Started(string process)
    {
    }

    /// <summary>A process has heard an answer of the ledger, and with it how the gate is.</summary>
    public virtual void HeardLedger(string process)
    {
    }

    /// <summary>Something has reached the venue, or it has done something.</summary>
    public virtual void Recorded(VenueEntry entry)
    {
    }

    /// <summary>A caller has heard an answer.</summary>
    public virtual void Answered(Heard heard)
    {
    }

    /// <summary>A process has written into its log that something went wrong.</summary>
    public virtual void Logged(Logged entry)
    {
    }

    /// <summary>The history is over: every fault has ceased, and time enough has passed.</summary>
    public virtual void Over()
    {
    }
}
