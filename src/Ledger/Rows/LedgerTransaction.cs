using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Rows;

/// <summary>A write transaction: what the rules that change the ledger work in, whatever database it is of.</summary>
internal abstract class LedgerTransaction
{
    public abstract LedgerSession Session { get; }

    /// <summary>Where to look for active orders.</summary>
    public abstract IActiveOrders Active { get; }

    /// <summary>The latches and pauses that decide now, those made in this transaction included.</summary>
    public abstract GateView View { get; }

    /// <summary>The last number drawn.</summary>
    public abstract long Number { get; }

    /// <summary>The next place in the one order of admissions, engages, releases, pauses and resumes.</summary>
    public abstract long DrawNumber();

    /// <summary>Latches or pauses have changed: every process must look at them again.</summary>
    public abstract void ChangeView(GateView view);

    /// <summary>Adds an entry to the audit's chain.</summary>
    public abstract void AppendAudit(AuditEntry entry);

    /// <summary>Puts an event into the outbox: it stands and falls with this transaction.</summary>
    /// <remarks>Ids are without gaps in the order of commits: two transactions that publish do not run side by side from the first id drawn to the commit.</remarks>
    public abstract void Publish(LedgerEvent happened);

    /// <summary>The same, and tells its id once that is known: at the latest when this is committed.</summary>
    public abstract void Publish(LedgerEvent happened, Action<long> told);

    /// <summary>The same with several.</summary>
    public void Publish(IEnumerable<LedgerEvent> happened)
    {
        foreach (var one in happened)
        {
            Publish(one);
        }
    }

    /// <summary>Tells those who follow orders of a change, once this is committed.</summary>
    public abstract void Tell(OrderChange? change);

    /// <summary>An order is active when this is committed.</summary>
    public abstract void HasBegun(Order order);

    /// <summary>An order has ended when this is committed.</summary>
    public abstract void HasEnded(Order order);

    /// <summary>What became of an order is known once this is committed: it rests.</summary>
    public abstract void HasCleared(Order order);

    /// <summary>An ended order is active again when this is committed: other processes must search for it.</summary>
    public abstract void HasReopened(Order order);
}
