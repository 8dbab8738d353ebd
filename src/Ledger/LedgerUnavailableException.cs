namespace EmergencyStop.Ledger;

/// <summary>The ledger cannot be read or written; nothing can be admitted.</summary>
public sealed class LedgerUnavailableException : Exception
{
    /// <summary>With a sentence that says what to do.</summary>
    public LedgerUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence that says what to do, and the cause.</summary>
    public LedgerUnavailableException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
