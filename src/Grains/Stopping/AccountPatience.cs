using System.Collections.Concurrent;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Options;
using Orleans;

namespace EmergencyStop.Grains.Stopping;

/// <summary>Lets no account keep the others of its stop waiting, and nobody wait for a call that was lost.</summary>
/// <remarks>
/// A call that takes longer goes on by itself. What it comes to is in the ledger; the stop owes it until then, and asks in
/// its next pass. After a while its grain is asked whether it is at work at all: a call that was lost, or its answer, would
/// otherwise be waited for until the runtime's timeout (30 s), and its orders with it. A call that is thought lost and
/// was only slow is made twice, which is harmless.
/// </remarks>
public sealed class AccountPatience(IGrainFactory grains, TimeProvider time, IOptions<StoppingOptions> options)
{
    private readonly ConcurrentDictionary<(StopId Stop, UserId User), int> _late = new();

    /// <summary>Whether a call of this stop to this user goes on by itself.</summary>
    public bool IsLate(StopId stop, UserId user) => _late.ContainsKey((stop, user));

    /// <summary>Whether any call of this stop goes on by itself.</summary>
    public bool AnyLate(StopId stop) => !_late.IsEmpty && _late.Keys.Any(key => key.Stop == stop);

    /// <summary>Waits for the call, at most <see cref="StoppingOptions.AccountWait"/>; where there is nobody else to keep waiting, until it is through or lost.</summary>
    /// <param name="stop">The stop.</param>
    /// <param name="user">Whose account it is about.</param>
    /// <param name="call">The call.</param>
    /// <returns>Its result; <c>default</c> when it goes on by itself, or was lost.</returns>
    public async Task<T?> WaitAsync<T>(Stop stop, UserId user, Task<T> call)
    {
        if (stop.Target.User is not null)
        {
            return await IsLostAsync(stop.Id, user, call, ConfigureAwaitOptions.ContinueOnCapturedContext) ? default : await call;
        }

        if (await IsThroughAsync(call, ConfigureAwaitOptions.ContinueOnCapturedContext))
        {
            return await call;
        }

        _late.AddOrUpdate((stop.Id, user), 1, static (_, n) => n + 1);
        _ = WatchOutAsync((stop.Id, user), call); // Observes every exception itself.
        return default;
    }

    /// <summary>In nobody's turns: the grain that has made the call may be gone before it is through.</summary>
    private async Task WatchOutAsync((StopId Stop, UserId User) key, Task call)
    {
        await IsLostAsync(key.Stop, key.User, call, ConfigureAwaitOptions.None);
        if (_late.AddOrUpdate(key, 0, static (_, n) => n - 1) <= 0)
        {
            _late.TryRemove(new(key, 0));
        }
    }

    /// <summary>Waits until the call is through, or nobody works on it.</summary>
    private async Task<bool> IsLostAsync(StopId stop, UserId user, Task call, ConfigureAwaitOptions goesOn)
    {
        while (!await IsThroughAsync(call, goesOn))
        {
            var asking = WorksForAsync(user, stop);
            if (await IsThroughAsync(asking, goesOn) && asking.IsCompletedSuccessfully && !await asking && !call.IsCompleted)
            {
                _ = IsThroughAsync(call, ConfigureAwaitOptions.None); // Its end, whenever it comes, is observed.
                return true;
            }
        }

        return false;
    }

    /// <summary>Waits a while; whatever a call failed with is left to whoever awaits it.</summary>
    private async Task<bool> IsThroughAsync(Task call, ConfigureAwaitOptions goesOn)
    {
        await call.WaitAsync(options.Value.AccountWait, time).ConfigureAwait(goesOn | ConfigureAwaitOptions.SuppressThrowing);
        return call.IsCompleted;
    }

    /// <summary>Asks the user's grain; that it cannot be asked is a failed task, never thrown here.</summary>
    private async Task<bool> WorksForAsync(UserId user, StopId stop) =>
        await grains.GetGrain<IUserGrain>(user.Value).WorksForAsync(stop, CancellationToken.None).ConfigureAwait(false);
}
