namespace EmergencyStop.Ledger.Braking;

/// <summary>Waits for a ledger only so long.</summary>
public static class LedgerPatience
{
    /// <summary>Calls the ledger on a thread that may be lost to it, as a disk that stalls blocks whoever writes or reads.</summary>
    /// <param name="call">The call. It goes on when the wait is over.</param>
    /// <param name="atMost">The longest wait.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be used, or has not answered in time.</exception>
    public static Task<T> WithinAsync<T>(Func<Task<T>> call, TimeSpan atMost, TimeProvider time) => WithinAsync(Apart(call), atMost, time);

    /// <summary>Waits for a call that is under way.</summary>
    /// <param name="calling">The call. It goes on when the wait is over.</param>
    /// <param name="atMost">The longest wait.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be used, or has not answered in time.</exception>
    public static async Task<T> WithinAsync<T>(Task<T> calling, TimeSpan atMost, TimeProvider time)
    {
        try
        {
            return await calling.WaitAsync(atMost, time);
        }
        catch (TimeoutException e)
        {
            _ = calling.ContinueWith(
                static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw new LedgerUnavailableException($"The ledger has not answered within {atMost.TotalMilliseconds:0} ms.", e);
        }
    }

    /// <summary>Begins a call on a thread that is not the caller's.</summary>
    /// <remarks>It enters the pool's own queue of this thread: as soon as the caller waits, this thread runs it itself.</remarks>
    public static Task<T> Apart<T>(Func<Task<T>> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
}
