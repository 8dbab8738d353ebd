using EmergencyStop.Ids;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <summary>All that the model keeps of one stop.</summary>
/// <param name="stop">Its row.</param>
/// <param name="book">Whose book it was when it was engaged.</param>
/// <param name="changes">Where changes of its outcomes are noted.</param>
public sealed class ModelStop(Stop stop, UserId? book, List<OutcomeChange> changes)
{
    /// <summary>Its row.</summary>
    public Stop Stop { get; internal set; } = stop;

    /// <summary>Whose book it was when it was engaged.</summary>
    public UserId? Book { get; } = book;

    /// <summary>The counts that the history shows.</summary>
    public OutcomeCounts Counts { get; internal set; }

    /// <summary>What became of what it owes.</summary>
    public ModelOutcomes Outcomes { get; } = new(stop.Id, changes);

    /// <summary>Places of the orders that it has adopted.</summary>
    internal List<int> Adopted { get; } = [];
}
