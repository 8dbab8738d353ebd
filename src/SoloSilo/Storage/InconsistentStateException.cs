using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>The stored state is not the one that the writer had read.</summary>
/// <remarks>A grain that lets it escape from a request is deactivated: its memory is stale.</remarks>
[GenerateSerializer, Alias("InconsistentStateException")]
public class InconsistentStateException : OrleansException
{
    /// <summary>Without a message.</summary>
    public InconsistentStateException()
    {
    }

    /// <summary>With a message.</summary>
    public InconsistentStateException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>With both etags and a cause.</summary>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>With both etags.</summary>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null)
    {
    }

    /// <summary>With both etags and the message of the cause.</summary>
    public InconsistentStateException(string? storedEtag, string? currentEtag, Exception storageException)
        : this(MessageOf(storageException), storedEtag, currentEtag, storageException)
    {
    }

    /// <summary>The etag in the store.</summary>
    [Id(1)]
    public string? StoredEtag { get; private set; }

    /// <summary>The etag the writer had.</summary>
    [Id(2)]
    public string? CurrentEtag { get; private set; }

    /// <summary>Whether it has not yet crossed a call: only the activation it arose in is deactivated by it.</summary>
    [Id(0)]
    internal bool IsSourceActivation { get; set; } = true;

    /// <inheritdoc />
    public override string ToString() =>
        $"InconsistentStateException: {Message} Expected Etag={StoredEtag} Received Etag={CurrentEtag} {InnerException}";

    private static string MessageOf(Exception storageException)
    {
        ArgumentNullException.ThrowIfNull(storageException);
        return storageException.Message;
    }
}
