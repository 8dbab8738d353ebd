namespace EmergencyStop.Ledger.Rows;

/// <summary>One connection to the ledger's database; used by one thread at a time.</summary>
/// <remarks>
/// Rows are read and written by the same code in every database: the text is SQL that each of them takes, with <c>?</c> for
/// values. What only one of them knows (a hint which index to use) is taken out by the session of another.
/// </remarks>
internal abstract class LedgerSession
{
    /// <summary>What the transaction under way has read ahead; <c>null</c> where asking costs nothing.</summary>
    public RowsAhead? Ahead { get; protected set; }

    /// <summary>The statement of this text; the text comes from the code, never from outside.</summary>
    public abstract Statement Sql(string text);
}
