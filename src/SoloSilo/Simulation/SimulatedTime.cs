namespace Orleans.Solo.Simulation;

/// <summary>The clocks of one process: a wall clock that drifts and jumps, a monotonic one that only drifts, and timers by the latter.</summary>
public sealed class SimulatedTime(SimulatedWorld world) : TimeProvider
{
    private readonly SimulatedWorld _world = world;
    private TimeSpan _jumped;

    /// <summary>Where every wall clock begins, jumps apart.</summary>
    public static DateTimeOffset Beginning { get; } = new(2026, 1, 5, 15, 0, 0, TimeSpan.Zero);

    /// <summary>The process whose timers these are; they end with it.</summary>
    public SimulatedProcess? Owner { get; set; }

    /// <summary>How much faster than the world it runs, both clocks.</summary>
    /// <value>-0.5 to 1; default 0. Clocks of real machines are within 0.0005.</value>
    public double Drift { get; set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Sets the wall clock forward or back.</summary>
    public void Jump(TimeSpan by) => _jumped += by;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Beginning + _jumped + new TimeSpan(GetTimestamp());

    /// <inheritdoc/>
    public override long GetTimestamp() => Drift == 0 ? _world.Now.Ticks : (long)(_world.Now.Ticks * (1 + Drift));

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Whether a step is that of a timer which was changed or disposed of since: nothing would happen in it.</summary>
    internal static bool IsOver(Delegate step, object? state) => ReferenceEquals(step, Timer.DueStep) && Timer.IsCancelled(state);

    private TimeSpan InWorld(TimeSpan wait) => Drift == 0 ? wait : TimeSpan.FromTicks((long)(wait.Ticks / (1 + Drift)) + 1);

    private sealed class Timer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        public static readonly Action<object?> DueStep = static due => ((Due)due!).Run(); // the state is handed over beside it

        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private Due? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due?.Cancel();
            _due = null;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Set(dueTime, period);
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(TimeSpan wait, TimeSpan period)
        {
            _due = new(this, period);
            time._world.After(time.InWorld(wait), time.Owner, DueStep, _due);
        }

        private void Tick(TimeSpan period)
        {
            _due = null;
            if (period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero)
            {
                Set(period, period);
            }

            if (_context is null)
            {
                callback(state);
            }
            else
            {
                ExecutionContext.Run(_context, static timer => ((Timer)timer!).Call(), this); // the state is handed over beside it
            }
        }

        public static bool IsCancelled(object? due) => ((Due)due!).IsCancelled; // the state that is handed over beside DueStep

        private void Call() => callback(state);

        private sealed class Due(Timer timer, TimeSpan period)
        {
            public bool IsCancelled { get; private set; }

            public void Cancel() => IsCancelled = true;

            public void Run() => timer.Tick(period);
        }
    }
}
