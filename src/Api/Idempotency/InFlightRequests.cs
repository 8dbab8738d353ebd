using System.Collections.Concurrent;

namespace EmergencyStop.Api.Idempotency;

/// <summary>Requests under an idempotency key that this process is working on now.</summary>
internal sealed class InFlightRequests
{
    private readonly ConcurrentDictionary<(string KeyId, string Key), InFlight> _requests = new();

    /// <summary>Enters a request, or finds the one that is under way.</summary>
    /// <returns>This request's own entry, to be disposed of when it is answered, or the standing one.</returns>
    public (InFlight Entry, bool Mine) Enter(string keyId, string key, string bodyHash)
    {
        var mine = new InFlight(bodyHash, e => _requests.TryRemove(new((keyId, key), e)));
        var standing = _requests.GetOrAdd((keyId, key), mine);
        return (standing, ReferenceEquals(standing, mine));
    }
}

/// <summary>One request under way.</summary>
/// <param name="bodyHash">Its route and body.</param>
/// <param name="leave">Takes it out.</param>
internal sealed class InFlight(string bodyHash, Action<InFlight> leave) : IDisposable
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its route and body.</summary>
    public string BodyHash { get; } = bodyHash;

    /// <summary>Done once it was answered, well or not.</summary>
    public Task Answered => _answered.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        leave(this);
        _answered.TrySetResult();
    }
}
