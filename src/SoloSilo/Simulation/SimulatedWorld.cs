namespace Orleans.Solo.Simulation;

/// <summary>One history: a virtual clock and what is due on it. Everything that happens is a step, and steps happen one at a time.</summary>
/// <remarks>
/// The clock stands still within a step and jumps to the next. Steps due at the same time happen in the order in which
/// they were asked for. Not for use from two threads.
/// </remarks>
public sealed class SimulatedWorld(ulong seed)
{
    private readonly StepQueue _due = new();
    private readonly Dictionary<string, SeededRandom> _streams = new(StringComparer.Ordinal);
    private long _now;
    private long _asked;

    /// <summary>What decides everything.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>Virtual time since the beginning.</summary>
    public TimeSpan Now => new(_now);

    /// <summary>How many steps have happened.</summary>
    public long Steps { get; private set; }

    /// <summary>Hears what happens, line by line; <c>null</c> where nobody listens.</summary>
    public Action<string>? Listener { get; set; }

    /// <summary>The stream of random numbers of one name; drawing from it moves no other.</summary>
    public SeededRandom RandomOf(string stream)
    {
        if (!_streams.TryGetValue(stream, out var random))
        {
            _streams[stream] = random = SeededRandom.Of(Seed, stream);
        }

        return random;
    }

    /// <summary>Something happens after a while; with a process, in it: never once it is dead, and late while it is frozen.</summary>
    public void After(TimeSpan wait, SimulatedProcess? process, Action step) => Add(wait, process, step, null);

    /// <inheritdoc cref="After(TimeSpan, SimulatedProcess?, Action)"/>
    public void After(TimeSpan wait, SimulatedProcess? process, Action<object?> step, object? state) => Add(wait, process, step, state);

    /// <summary>Done after a while, in the process.</summary>
    public Task DelayAsync(TimeSpan wait, SimulatedProcess? process)
    {
        var over = new TaskCompletionSource();
        After(wait, process, static over => ((TaskCompletionSource)over!).TrySetResult(), over); // the state is handed over beside it
        return over.Task;
    }

    /// <summary>Tells the listener what somebody does.</summary>
    public void Note(string who, string what) => Listener?.Invoke($"{Now.TotalMilliseconds,12:F3} ms  {who,-14} {what}");

    /// <summary>Makes the next step happen.</summary>
    /// <returns>False when nothing is due any more.</returns>
    internal bool TryStep()
    {
        while (_due.TryTake(out var at, out var order, out var step))
        {
            if (step.Process is { } process)
            {
                if (!process.IsAlive)
                {
                    continue;
                }

                if (process.FrozenUntil.Ticks > at)
                {
                    _due.Add(process.FrozenUntil.Ticks, order, step);
                    continue;
                }
            }

            if (step.IsOver)
            {
                continue;
            }

            _now = Math.Max(_now, at);
            Steps++;
            step.Run();
            return true;
        }

        return false;
    }

    private void Add(TimeSpan wait, SimulatedProcess? process, Delegate step, object? state)
    {
        if (process is { IsAlive: false })
        {
            return;
        }

        var at = wait <= TimeSpan.Zero ? _now : checked(_now + wait.Ticks);
        _due.Add(at, _asked++, new(process, step, state));
    }
}
