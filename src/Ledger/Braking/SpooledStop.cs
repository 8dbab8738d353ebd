using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Braking;

/// <summary>A stop that the ledger may not have: everything that it takes to record it later.</summary>
/// <param name="Id">Its id, fixed before the first attempt at the ledger: the two are one stop.</param>
/// <param name="Request">What was asked, by whom and when.</param>
/// <param name="Before">The highest number that memory knew of at the press: what is numbered after it came later.</param>
public sealed record SpooledStop(StopId Id, EmergencyStopRequest Request, long Before = long.MaxValue);
