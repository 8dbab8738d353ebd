using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>A timer whose ticks are requests to its own activation. The next tick is set only when one has ended.</summary>
internal sealed class GrainTimer : Request, IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _timer;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _ticking;
    private bool _changed;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        AlwaysInterleaves = options.Interleave;
        KeepsAlive = options.KeepAlive;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = activation.Runtime.Time.CreateTimer(
                static timer => ((GrainTimer)timer!).Due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Change(options.DueTime, options.Period);
    }

    public override bool AlwaysInterleaves { get; }

    public override bool IsReadOnly => false;

    public override bool KeepsAlive { get; }

    public override bool IsLocal => true;

    public override bool IsAbandoned => _disposed.IsCancellationRequested;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        ThrowIfNoTimerTime(dueTime);
        ThrowIfNoTimerTime(period);
        _changed = true;
        _dueTime = dueTime;
        _period = period;
        if (!_ticking)
        {
            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "As in Orleans, a failed tick is logged and the timer goes on.")]
    public override async Task InvokeAsync(Activation activation)
    {
        _changed = false;
        try
        {
            await _callback(_disposed.Token);
        }
        catch (Exception exception)
        {
            Log.TimerTickFailed(activation.Runtime.Logger, exception, activation.GrainId);
        }

        _ticking = false;
        if (!IsAbandoned)
        {
            _timer.Change(_changed ? _dueTime : _period, Timeout.InfiniteTimeSpan);
        }

        activation.Ended(this, activation.Runtime.Time.GetTimestamp());
    }

    public override void Refuse(Exception exception) => Dispose();

    public void Dispose()
    {
        _disposed.Cancel();
        _timer.Dispose();
        _activation.RemoveTimer(this);
    }

    private static void ThrowIfNoTimerTime(TimeSpan time)
    {
        const uint longest = 0xfffffffe;
        var milliseconds = (long)time.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, nameof(time));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, longest, nameof(time));
    }

    private void Due()
    {
        _ticking = true;
        SendTo(_activation);
    }
}
