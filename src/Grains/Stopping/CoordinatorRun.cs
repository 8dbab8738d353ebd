namespace EmergencyStop.Grains.Stopping;

/// <summary>One stop that a coordinator carries on. Touched on the grain's scheduler only.</summary>
internal sealed class CoordinatorRun
{
    private TaskCompletionSource _through = New();
    private TaskCompletionSource _again = New();

    /// <summary>Ends when the flow has been through.</summary>
    public Task Through => _through.Task;

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
        try
        {
            await _again.Task.WaitAsync(atMost, time, ending);
        }
        catch (TimeoutException)
        {
            return false;
        }

        _again = New();
        return true;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
