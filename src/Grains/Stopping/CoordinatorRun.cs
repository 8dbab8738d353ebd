using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Stopping;

/// <summary>One stop that a coordinator carries on. Touched on the grain's scheduler only.</summary>
internal sealed class CoordinatorRun
{
    private TaskCompletionSource _through = New();
    private TaskCompletionSource _again = New();
    private long _setToWork;

    /// <summary>Ends when the flow has been through.</summary>
    public Task Through => _through.Task;

    /// <summary>How many passes were through since it was last set to work.</summary>
    public int Passes { get; private set; }

    /// <summary>Which pass the next one is, from 1: the first, which looks everywhere, until one was through since the stop was last set to work.</summary>
    /// <remarks>By the ledger's number: of a stop that was set to work anew its coordinator may hear late, a twin, or nobody.</remarks>
    public int PassOf(Stop stop)
    {
        var setToWork = stop.Again?.Number ?? stop.Number;
        (_setToWork, Passes) = (setToWork, setToWork == _setToWork ? Passes : 0);
        return Passes + 1;
    }

    /// <summary>That pass was through: none of its steps failed.</summary>
    public void WasThrough() => Passes++;

    /// <summary>Whether it was set to work anew since the last look.</summary>
    public bool IsAskedAgain => _again.Task.IsCompleted;

    /// <summary>The flow has been through.</summary>
    public void IsThrough() => _through.TrySetResult();

    /// <summary>The stop was set to work anew: whoever waits from now on waits for the flow to be through once more.</summary>
    public void Again()
    {
        if (_through.Task.IsCompleted)
        {
            _through = New();
        }

        _again.TrySetResult();
    }

    /// <summary>Waits before the next pass.</summary>
    /// <returns>Whether the wait was cut short because the stop was set to work anew.</returns>
    public async Task<bool> SleepAsync(TimeSpan atMost, TimeProvider time, CancellationToken ending)
    {
        var woken = _again.Task.WaitAsync(atMost, time, ending);
        await woken.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (woken.IsFaulted)
        {
            return false; // The time is over, as it nearly always is: nothing is thrown for that.
        }

        await woken;

        _again = New();
        Passes = 0;
        return true;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
