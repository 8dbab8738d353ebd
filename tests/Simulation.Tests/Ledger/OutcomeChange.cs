using System.Runtime.InteropServices;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <summary>An outcome that was written.</summary>
/// <param name="Stop">Whose.</param>
/// <param name="Before">The one that stood; <c>null</c> where there was none.</param>
/// <param name="After">The one that stands now.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OutcomeChange(StopId Stop, ItemOutcome? Before, ItemOutcome After);
