using System.Collections.Concurrent;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Stopping;

/// <summary>Lets no account keep the others of its stop waiting: a call that takes longer goes on by itself.</summary>
/// <remarks>What it comes to is in the ledger; the stop owes it until then, and asks in its next pass.</remarks>
public sealed class AccountPatience(TimeProvider time, IOptions<StoppingOptions> options)
{
    private readonly ConcurrentDictionary<(StopId Stop, UserId User), int> _late = new();

    /// <summary>Whether a call of this stop to this user goes on by itself.</summary>
    public bool IsLate(StopId stop, UserId user) => _late.ContainsKey((stop, user));

    /// <summary>Whether any call of this stop goes on by itself.</summary>
    public bool AnyLate(StopId stop) => !_late.IsEmpty && _late.Keys.Any(key => key.Stop == stop);

    /// <summary>Waits for the call, at most <see cref="StoppingOptions.AccountWait"/>.</summary>
    /// <param name="stop">The stop.</param>
    /// <param name="user">Whose account it is about.</param>
    /// <param name="call">The call.</param>
    /// <returns>Its result; <c>default</c> when it goes on by itself.</returns>
    public async Task<T?> WaitAsync<T>(Stop stop, UserId user, Task<T> call)
    {
        if (stop.Target.User is not null)
        {
            return await call; // There is nobody else to keep waiting.
        }

        var key = (stop.Id, user);
        var patience = call.WaitAsync(options.Value.AccountWait, time);
        await ((Task)patience).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (!patience.IsFaulted || call.IsCompleted)
        {
            return await patience;
        }

        _late.AddOrUpdate(key, 1, static (_, n) => n + 1);
        _ = WatchOutAsync(key, call); // Observes every exception itself.
        return default;
    }

    private async Task WatchOutAsync((StopId Stop, UserId User) key, Task call)
    {
        await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_late.AddOrUpdate(key, 0, static (_, n) => n - 1) <= 0)
        {
            _late.TryRemove(new(key, 0));
        }
    }
}
