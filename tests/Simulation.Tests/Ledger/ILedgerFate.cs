namespace EmergencyStop.Simulation.Tests.Ledger;

/// <summary>What befalls one call of one process to the ledger: when it is carried out, whether it is, and whether its answer arrives.</summary>
public interface ILedgerFate
{
    /// <summary>A read: carried out at one moment, all of it.</summary>
    void Read(LedgerCall call);

    /// <summary>A commit: carried out at one moment or never, and the caller may not learn which.</summary>
    void Commit(LedgerCall call);
}
