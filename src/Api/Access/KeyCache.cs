using System.Collections.Concurrent;
using EmergencyStop.Access;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Access;
using EmergencyStop.Ledger.Braking;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Access;

/// <summary>Finds the caller behind a key, asking the ledger at most once a second for each.</summary>
/// <remarks>Only good keys are remembered, so a revocation takes effect within <see cref="ApiOptions.KeyCacheMs"/> and a new key at once.</remarks>
internal sealed class KeyCache(IKeyLedger keys, LedgerMirror mirror, TimeProvider time, IOptions<ApiOptions> options)
{
    private const int MostEntries = 10_000;

    private readonly ConcurrentDictionary<string, (Caller Caller, long FoundAt)> _good = new(StringComparer.Ordinal);
    private readonly TimeSpan _trust = TimeSpan.FromMilliseconds(options.Value.KeyCacheMs);

    /// <summary>The caller for a stop: a ledger that cannot be read, or does not answer, leaves it to the mirror.</summary>
    /// <exception cref="LedgerUnavailableException">Neither knows the key.</exception>
    public ValueTask<Caller?> FindForStopAsync(string key)
    {
        var hash = ApiKeyFactory.Hash(key);
        return FindForStopAsync(hash, () => FindHashAsync(hash, CancellationToken.None));
    }

    /// <summary>The caller behind a session, by the key's hash and asked anew: a revocation takes effect at once. For the rest as for a stop.</summary>
    /// <exception cref="LedgerUnavailableException">Neither knows the key.</exception>
    public ValueTask<Caller?> FindForSessionAsync(string hash) => FindForStopAsync(hash, () => AskAsync(hash, CancellationToken.None));

    private async ValueTask<Caller?> FindForStopAsync(string hash, Func<ValueTask<Caller?>> find)
    {
        var asking = LedgerPatience.Apart(() => find().AsTask());
        try
        {
            return await LedgerPatience.WithinAsync(asking, TimeSpan.FromMilliseconds(options.Value.KeyWaitMs), time);
        }
        catch (LedgerUnavailableException)
        {
            return mirror.FindKey(hash) is not { } known ? await asking // A key of this very second: only the ledger can say.
                : known.Revoked ? null
                : known.Caller;
        }
    }

    /// <summary>The caller, or <c>null</c> when the key is unknown or revoked.</summary>
    public ValueTask<Caller?> FindAsync(string key, CancellationToken cancellationToken) => FindHashAsync(ApiKeyFactory.Hash(key), cancellationToken);

    private ValueTask<Caller?> FindHashAsync(string hash, CancellationToken cancellationToken) =>
        _good.TryGetValue(hash, out var known) && time.GetElapsedTime(known.FoundAt) < _trust
            ? ValueTask.FromResult<Caller?>(known.Caller)
            : AskAsync(hash, cancellationToken);

    private async ValueTask<Caller?> AskAsync(string hash, CancellationToken cancellationToken)
    {
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
