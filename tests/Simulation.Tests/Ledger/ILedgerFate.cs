namespace EmergencyStop.Simulation.Tests.Ledger;

/// <summary>What befalls one call of one process to the ledger: when it is carried out, whether it is, and whether its answer arrives.</summary>
public interface ILedgerFate
{
    /// <summary>A read: carried out at one moment, all of it.</summary>
    /// <exception cref="EmergencyStop.Ledger.LedgerUnavailableException">The ledger cannot be used.</exception>
    Task<T> ReadAsync<T>(string what, Func<T> read);

    /// <summary>A commit: carried out at one moment or never, and the caller may not learn which.</summary>
    /// <param name="what">The method, in words for the trace.</param>
    /// <param name="urgent">Whether it goes to the head of the queue: an engage or a put-back.</param>
    /// <param name="commit">Changes the store and gives the answer.</param>
    /// <exception cref="EmergencyStop.Ledger.LedgerUnavailableException">The ledger cannot be used; the commit may have happened.</exception>
    Task<T> CommitAsync<T>(string what, bool urgent, Func<T> commit);
}
