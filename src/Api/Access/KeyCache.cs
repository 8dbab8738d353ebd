using System.Collections.Concurrent;
using EmergencyStop.Access;
using EmergencyStop.Ledger.Access;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Access;

/// <summary>Finds the caller behind a key, asking the ledger at most once a second for each.</summary>
/// <remarks>Only good keys are remembered, so a revocation takes effect within <see cref="ApiOptions.KeyCacheMs"/> and a new key at once.</remarks>
internal sealed class KeyCache(IKeyLedger keys, TimeProvider time, IOptions<ApiOptions> options)
{
    private const int MostEntries = 10_000;

    private readonly ConcurrentDictionary<string, (Caller Caller, long FoundAt)> _good = new(StringComparer.Ordinal);
    private readonly TimeSpan _trust = TimeSpan.FromMilliseconds(options.Value.KeyCacheMs);

    /// <summary>The caller, or <c>null</c> when the key is unknown or revoked.</summary>
    public async ValueTask<Caller?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var hash = ApiKeyFactory.Hash(key);
        if (_good.TryGetValue(hash, out var known) && time.GetElapsedTime(known.FoundAt) < _trust)
        {
            return known.Caller;
        }

        var asked = time.GetTimestamp(); // Before the question: the answer may be as old as this.
        if (await keys.FindKeyAsync(hash, cancellationToken) is not { RevokedAt: null } found)
        {
            _good.TryRemove(hash, out _);
            return null;
        }

        if (_good.Count >= MostEntries)
        {
            _good.Clear();
        }

        _good[hash] = (found.Caller, asked);
        return found.Caller;
    }
}
