using EmergencyStop.Ledger;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <summary>One call on its way to the ledger and back. It is carried out once at most, and then answered or refused.</summary>
/// <param name="what">The method, in words for the trace.</param>
/// <param name="urgent">Whether it goes to the head of the queue: an engage or a put-back.</param>
/// <remarks>One object with both halves of its way, as every other step of a history is one of a call to the ledger.</remarks>
public abstract class LedgerCall(string what, bool urgent)
{
    /// <summary>The method, in words for the trace.</summary>
    public string What => what;

    /// <summary>Whether it goes to the head of the queue.</summary>
    public bool Urgent => urgent;

    /// <summary>Whether it was a caller's bug, which is the caller's to hear of.</summary>
    public abstract bool HasFailed { get; }

    /// <summary>What it came to, for the trace.</summary>
    public abstract object Value { get; }

    /// <summary>It happens in the store.</summary>
    public abstract void CarryOut();

    /// <summary>The caller hears of it.</summary>
    public abstract void Answer();

    /// <summary>The caller hears that the ledger cannot be used; the call may have been carried out.</summary>
    public abstract void Refuse(LedgerUnavailableException why);
}
