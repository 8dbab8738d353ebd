using EmergencyStop.Ledger.Gate;

namespace EmergencyStop.Ledger.Rows;

/// <summary>What the gate's row says, with the latches and pauses that belong to it.</summary>
internal readonly record struct GateState(long Number, long Version, long Reopened, long AuditSequence, string AuditHash, GateView View);
