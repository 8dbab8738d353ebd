using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace EmergencyStop.SoloSilo.Tests.Grains;

[Alias("walk")]
public interface IWalk : IGrainWithStringKey
{
    /// <summary>Adds a note and awaits, some times over; reentrant, so walks interleave.</summary>
    [Alias("walk")]
    Task WalkAsync(string name, int steps);

    /// <summary>Walks in another grain.</summary>
    [Alias("walk-at")]
    Task WalkAtAsync(string meeting, int steps);

    /// <summary>Has others walk at once where they meet.</summary>
    [Alias("lead")]
    Task LeadAsync(ImmutableArray<string> others, int steps);

    [Alias("notes")]
    Task<ImmutableArray<string>> NotesAsync();
}

[Reentrant]
public sealed class WalkGrain(TimeProvider time) : Grain, IWalk
{
    private readonly List<string> _notes = [];

    public async Task WalkAsync(string name, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            _notes.Add($"{name}{step}");
            await Task.Yield();
            if (step == 1)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time);
            }
        }
    }

    public Task WalkAtAsync(string meeting, int steps) =>
        GrainFactory.GetGrain<IWalk>(meeting).WalkAsync(this.GetPrimaryKeyString(), steps);

    public async Task LeadAsync(ImmutableArray<string> others, int steps)
    {
        await Task.WhenAll(others.Select(other => GrainFactory.GetGrain<IWalk>(other).WalkAtAsync("meeting", steps)));
    }

    public Task<ImmutableArray<string>> NotesAsync() => Task.FromResult<ImmutableArray<string>>([.. _notes]);
}

[Alias("patient")]
public interface IPatient : IGrainWithStringKey
{
    [Alias("wait")]
    Task WaitAsync(TimeSpan time);

    [Alias("tick-every")]
    Task TickEveryAsync(TimeSpan period);

    [Alias("ticks")]
    Task<int> TicksAsync();

    [Alias("fail")]
    Task FailAsync(bool known);

    [Alias("catch")]
    Task<string> CatchAsync(IPatient other, bool known);

    [Alias("hold-on-deactivation")]
    Task HoldOnDeactivationAsync();

    [Alias("note")]
    Task<int> NoteAsync(int number);

    [Alias("notes")]
    Task<string> NotesAsync();

    [Alias("trace")]
    Task<string?> TraceAsync();
}

/// <summary>No serializer knows it.</summary>
public sealed class UnknownException() : Exception("unknown");

public sealed class PatientGrain(TimeProvider clock, [PersistentState("ticks")] IPersistentState<PatientState> state) : Grain, IPatient
{
    public static readonly InvalidOperationException Known = new("known");

    private readonly List<int> _notes = [];
    private bool _hold;

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, clock);

    public Task TickEveryAsync(TimeSpan period)
    {
        this.RegisterGrainTimer(
            () =>
            {
                state.State.Ticks++;
                return Task.CompletedTask;
            },
            period,
            period);
        return Task.CompletedTask;
    }

    public Task<string?> TraceAsync() => Task.FromResult(System.Diagnostics.Activity.Current?.TraceId.ToString());

    public Task<int> TicksAsync() => Task.FromResult(state.State.Ticks);

    public Task FailAsync(bool known) => throw (known ? Known : new UnknownException());

    public async Task<string> CatchAsync(IPatient other, bool known)
    {
        try
        {
            await other.FailAsync(known);
            return "nothing";
        }
        catch (Exception exception)
        {
            return $"{exception.GetType().Name}, {(ReferenceEquals(exception, Known) ? "the same" : "another")}";
        }
    }

    public Task HoldOnDeactivationAsync()
    {
        _hold = true;
        return Task.CompletedTask;
    }

    public Task<int> NoteAsync(int number)
    {
        _notes.Add(number);
        return Task.FromResult(number);
    }

    public Task<string> NotesAsync() => Task.FromResult(string.Join(',', _notes));

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_hold)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, CancellationToken.None);
        }

        await state.WriteStateAsync(CancellationToken.None);
    }
}

public sealed class PatientState
{
    public int Ticks { get; set; }
}
