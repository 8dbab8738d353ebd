namespace EmergencyStop.Ledger.Rows;

/// <summary>What one check of a ledger has found.</summary>
/// <param name="Check">Its name: <c>file</c> or <c>server</c>, <c>schema</c>, <c>audit</c>, <c>gate</c>, <c>latches</c>, <c>orders</c>; <c>events</c> in a database.</param>
/// <param name="Holds">Whether all is well.</param>
/// <param name="Finding">What was found, for people.</param>
public sealed record LedgerFinding(string Check, bool Holds, string Finding);
