using EmergencyStop.Conformance.Tests.Hosting;
using Orleans;
using Orleans.Concurrency;

namespace EmergencyStop.Conformance.Tests.Grains;

[Alias("conformance-common-turns")]
public interface ICommonTurns : IGrainWithStringKey
{
    /// <summary>Notes its start and end, and waits at the gate in between.</summary>
    [Alias("hold")]
    Task HoldAsync(string gate);

    [AlwaysInterleave]
    [Alias("hold-interleaving")]
    Task HoldInterleavingAsync(string gate);

    [ReadOnly]
    [Alias("hold-read-only")]
    Task HoldReadOnlyAsync(string gate);

    [Alias("note")]
    Task NoteAsync(string note);

    [AlwaysInterleave]
    [Alias("note-interleaving")]
    Task NoteInterleavingAsync(string note);

    /// <summary>Adds by read, await and write; loses counts if others interleave within a turn.</summary>
    [Alias("count")]
    Task<int> CountAsync(int times);

    [Alias("schedulers")]
    Task<string> CheckSchedulersAsync(ICommonTurns other);

    [Alias("start-new")]
    Task<bool> StartNewStaysAsync();

    [ResponseTimeout("00:00:02")]
    [Alias("call-self")]
    Task CallSelfAsync();

    [Alias("call-through")]
    Task<string> CallThroughAsync(ICommonTurns other);

    [Alias("call-back")]
    Task<string> CallBackAsync(ICommonTurns first);
}

[Alias("conformance-turns")]
public interface ITurns : ICommonTurns;

[Alias("conformance-reentrant-turns")]
public interface IReentrantTurns : ICommonTurns;

public sealed class TurnsGrain : CommonTurnsGrain, ITurns;

[Reentrant]
public sealed class ReentrantTurnsGrain : CommonTurnsGrain, IReentrantTurns;

public abstract class CommonTurnsGrain : Grain, ICommonTurns
{
    private int _count;
    private int _inTurn;

    private string Key => this.GetPrimaryKeyString();

    public Task HoldAsync(string gate) => HoldAtAsync(gate);

    public Task HoldInterleavingAsync(string gate) => HoldAtAsync(gate);

    public Task HoldReadOnlyAsync(string gate) => HoldAtAsync(gate);

    public Task NoteAsync(string note)
    {
        Notes.Add(Key, note);
        return Task.CompletedTask;
    }

    public Task NoteInterleavingAsync(string note) => NoteAsync(note);

    public async Task<int> CountAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(1, Interlocked.Increment(ref _inTurn));
            var seen = _count;
            Thread.Yield(); // another turn, if there can be one, gets the processor here
            Thread.SpinWait(200);
            _count = seen + 1;
            Assert.Equal(0, Interlocked.Decrement(ref _inTurn));
            await Task.Yield();
        }

        return _count;
    }

    public async Task<string> CheckSchedulersAsync(ICommonTurns other)
    {
        var mine = TaskScheduler.Current;
        if (ReferenceEquals(mine, TaskScheduler.Default))
        {
            return "starts on the default scheduler";
        }

        await Task.Yield();
        if (!ReferenceEquals(mine, TaskScheduler.Current))
        {
            return "left by yield";
        }

        await Task.Delay(1);
        if (!ReferenceEquals(mine, TaskScheduler.Current))
        {
            return "left by delay";
        }

        await other.NoteAsync("called");
        return ReferenceEquals(mine, TaskScheduler.Current) ? "stays" : "left by call";
    }

    public async Task<bool> StartNewStaysAsync()
    {
        var mine = TaskScheduler.Current;
        return await Task.Factory.StartNew(
            () => ReferenceEquals(mine, TaskScheduler.Current), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current);
    }

    public Task CallSelfAsync() => this.AsReference<ICommonTurns>().NoteAsync("from myself");

    public Task<string> CallThroughAsync(ICommonTurns other) => other.CallBackAsync(this.AsReference<ICommonTurns>());

    public async Task<string> CallBackAsync(ICommonTurns first)
    {
        await first.NoteAsync("called back");
        return "through";
    }

    private async Task HoldAtAsync(string gate)
    {
        Notes.Add(Key, $"{gate} starts");
        await Gates.Of(gate).PassAsync().WaitAsync(Cluster.Patience);
        Notes.Add(Key, $"{gate} ends");
    }
}
