using EmergencyStop.Conformance.Tests.Hosting;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace EmergencyStop.Conformance.Tests.Grains;

[Alias("conformance-timers")]
public interface ITimers : IGrainWithStringKey
{
    /// <summary>Starts a timer that notes its ticks, and holds the request at the gate.</summary>
    [Alias("start-and-hold")]
    Task StartAndHoldAsync(bool interleave, string gate);

    /// <summary>Starts a timer whose ticks wait at the gate.</summary>
    [Alias("start-holding")]
    Task StartHoldingAsync(bool interleave, string gate);

    [Alias("start-failing")]
    Task StartFailingAsync();

    [Alias("start-once")]
    Task StartOnceAsync();

    [Alias("change")]
    Task ChangeAsync(TimeSpan dueTime, TimeSpan period);

    [Alias("dispose")]
    Task DisposeAsync();

    [Alias("note")]
    Task NoteAsync(string note);

    [Alias("deactivate")]
    Task DeactivateAsync();

    [Alias("start-with-state")]
    Task StartWithStateAsync(string state);
}

public sealed class TimersGrain : Grain, ITimers
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(30);

    private IGrainTimer? _timer;

    private string Key => this.GetPrimaryKeyString();

    public async Task StartAndHoldAsync(bool interleave, string gate)
    {
        var mine = TaskScheduler.Current;
        _timer = this.RegisterGrainTimer(
            () => NoteAsync(ReferenceEquals(mine, TaskScheduler.Current) ? "tick" : "tick elsewhere"),
            new GrainTimerCreationOptions(Soon, Soon) { Interleave = interleave });
        await Gates.Of(gate).PassAsync().WaitAsync(Cluster.Patience);
        Notes.Add(Key, "request ends");
    }

    public Task StartHoldingAsync(bool interleave, string gate)
    {
        _timer = this.RegisterGrainTimer(
            async cancellationToken =>
            {
                Notes.Add(Key, "tick starts");
                await using var registration = cancellationToken.Register(() => Notes.Add(Key, "tick cancelled"));
                await Gates.Of(gate).PassAsync().WaitAsync(Cluster.Patience, CancellationToken.None);
                Notes.Add(Key, "tick ends");
            },
            new GrainTimerCreationOptions(TimeSpan.Zero, Soon) { Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task StartFailingAsync()
    {
        _timer = this.RegisterGrainTimer(
            _ =>
            {
                Notes.Add(Key, "tick");
                throw new InvalidOperationException("a failing tick");
            },
            TimeSpan.Zero,
            Soon);
        return Task.CompletedTask;
    }

    public Task StartOnceAsync()
    {
        _timer = this.RegisterGrainTimer(() => NoteAsync("tick"), Soon, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task StartWithStateAsync(string state)
    {
        _timer = this.RegisterGrainTimer((text, _) => NoteAsync(text), state, Soon, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task ChangeAsync(TimeSpan dueTime, TimeSpan period)
    {
        _timer!.Change(dueTime, period); // the test has started it
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        _timer!.Dispose(); // the test has started it
        return Task.CompletedTask;
    }

    public Task NoteAsync(string note)
    {
        Notes.Add(Key, note);
        return Task.CompletedTask;
    }

    public Task DeactivateAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
