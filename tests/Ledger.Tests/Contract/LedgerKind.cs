namespace EmergencyStop.Ledger.Tests.Contract;

/// <summary>The ledgers that keep the contract.</summary>
public enum LedgerKind
{
    Sqlite,
    PostgreSql,
}
