using Orleans;

namespace EmergencyStop.Ledger;

/// <summary>The ledger cannot be read or written; nothing can be admitted.</summary>
/// <remarks>The one exception of the service that crosses a call between grains: whoever calls must know an outage from a fault.</remarks>
[GenerateSerializer, Alias("ledger-unavailable")]
public sealed class LedgerUnavailableException : Exception
{
    [NonSerialized]
    private readonly Exception? _cause;

    /// <summary>With a sentence that says what to do.</summary>
    public LedgerUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence that says what to do, and the cause.</summary>
    public LedgerUnavailableException(string message, Exception cause)
        : base(message) => _cause = cause;

    /// <summary>What the driver or the file system said; <c>null</c> when nothing did, and on the far side of a call, where its type may be unknown.</summary>
    /// <remarks>Not the inner exception: one that cannot cross would keep this one from crossing.</remarks>
    public Exception? Cause => _cause;

    /// <inheritdoc/>
    public override string ToString() => _cause is null ? base.ToString() : $"{base.ToString()}{Environment.NewLine} ---> {_cause}";
}
