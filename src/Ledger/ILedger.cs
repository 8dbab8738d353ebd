using EmergencyStop.Ledger.Access;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Releasing;
using EmergencyStop.Ledger.Risk;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Ledger.Strategies;

namespace EmergencyStop.Ledger;

/// <summary>The database: the only truth. Grains cache it and act on it.</summary>
/// <remarks>
/// Every method that changes something is atomic on its own and durable when it answers, unless it says otherwise.
/// Admissions, engages, releases, pauses and resumes each draw a number under the gate lock, so they have one order.
/// A cancelled token abandons the wait, never the work. A ledger that cannot be written throws
/// <see cref="LedgerUnavailableException"/>; nobody retries inside.
/// </remarks>
public interface ILedger : IOrderLedger, IOrderEventLedger, IEventLedger, IStopLedger, IReleaseLedger, IStrategyLedger, INoticeLedger, IAuditLedger, IKeyLedger, IIdempotencyLedger, IBrakeLedger, IRiskLedger
{
    /// <summary>This process's latest view of the gate; never older than the last answer of this ledger in this process.</summary>
    GateView Gate { get; }

    /// <summary>For <c>/status</c>: the kind (<c>sqlite</c>), and whether it can be read and written now.</summary>
    ValueTask<LedgerHealth> HealthAsync(CancellationToken cancellationToken);
}

/// <summary>How the ledger is.</summary>
/// <param name="Kind"><c>sqlite</c> or <c>postgresql</c>.</param>
/// <param name="Writable">Whether a commit works now.</param>
/// <param name="Why">Why not.</param>
public sealed record LedgerHealth(string Kind, bool Writable, string? Why);
