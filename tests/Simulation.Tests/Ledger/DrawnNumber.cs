using System.Runtime.InteropServices;
using EmergencyStop.Ledger.Gate;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <summary>For what a number was drawn.</summary>
public enum NumberKind
{
    Admitted,
    Closing,
    Adopted,
    Engaged,
    Released,
    Narrowed,
    Excepted,
    PutBack,
    Escalated,
    Paused,
    Resumed,
}

/// <summary>One place in the one order of what passes the gate lock.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Subject">The order, or the stop; of a resume the first strategy.</param>
/// <param name="Part">Carve-outs: the part of the stop's target.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DrawnNumber(long Number, NumberKind Kind, string Subject, string? Part = null);

/// <summary>An answer, with the gate as it was at the moment to which the answer belongs.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Version">Grows with every commit.</param>
/// <param name="View">The gate then.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Answered<T>(T Answer, long Version, GateView View);
