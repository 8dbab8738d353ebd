using EmergencyStop.Conformance.Tests.Grains;
using EmergencyStop.Conformance.Tests.Hosting;

namespace EmergencyStop.Conformance.Tests.Timers;

[Collection(ClusterCollection.Name)]
public sealed class TimerTests(Cluster cluster)
{
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(300);

    private readonly string _key = Cluster.NewKey();
    private readonly string _gate = Cluster.NewKey();

    private ITimers Grain => cluster.Grains.GetGrain<ITimers>(_key);

    [Fact]
    public async Task Tick_WhileARequestRuns_Waits()
    {
        var held = Grain.StartAndHoldAsync(interleave: false, _gate);
        await AtLeastTickAfterAnotherGrainTicksAsync();
        Assert.Equal(0, Ticks);
        Gates.Of(_gate).Open();
        await held;

        await Cluster.EventuallyAsync(() => Ticks >= 2, "the timer ticks");
        Assert.Equal("request ends", Notes.Of(_key)[0]);
        Assert.False(Notes.Has(_key, "tick elsewhere"));
    }

    [Fact]
    public async Task InterleavingTick_WhileARequestRuns_Runs()
    {
        var held = Grain.StartAndHoldAsync(interleave: true, _gate);
        await Cluster.EventuallyAsync(() => Ticks >= 2, "the timer ticks");
        Assert.False(Notes.Has(_key, "request ends"));
        Gates.Of(_gate).Open();
        await held;

        Assert.False(Notes.Has(_key, "tick elsewhere"));
    }

    [Fact]
    public async Task Request_WhileATickRuns_Waits()
    {
        await Grain.StartHoldingAsync(interleave: false, _gate);
        await Cluster.EventuallyAsync(() => Notes.Has(_key, "tick starts"), "the tick starts");
        var request = Grain.NoteAsync("request");
        await cluster.Grains.GetGrain<ITimers>(Cluster.NewKey()).NoteAsync("another grain is free");
        Assert.False(request.IsCompleted);
        Gates.Of(_gate).Open();

        await request.WaitAsync(Cluster.Patience);
        Assert.Equal(["tick starts", "tick ends", "request"], Notes.Of(_key).Take(3).ToArray());
    }

    [Fact]
    public async Task Request_WhileAnInterleavingTickRuns_Runs()
    {
        await Grain.StartHoldingAsync(interleave: true, _gate);
        await Cluster.EventuallyAsync(() => Notes.Has(_key, "tick starts"), "the tick starts");

        await Grain.NoteAsync("request").WaitAsync(Cluster.Patience);

        Assert.Equal(["tick starts", "request"], Notes.Of(_key));
        Gates.Of(_gate).Open();
    }

    [Fact]
    public async Task Tick_NeverRunsBesideItself()
    {
        await Grain.StartHoldingAsync(interleave: true, _gate);
        await Cluster.EventuallyAsync(() => Notes.Has(_key, "tick starts"), "the tick starts");
        await AtLeastTickAfterAnotherGrainTicksAsync();
        Assert.Equal(["tick starts"], Notes.Of(_key));
        Gates.Of(_gate).Open();

        await Cluster.EventuallyAsync(() => Notes.Of(_key).Count >= 4, "the timer goes on");
        Assert.Equal(["tick starts", "tick ends", "tick starts", "tick ends"], Notes.Of(_key).Take(4).ToArray());
    }

    [Fact]
    public async Task FailedTick_DoesNotStopTheTimer()
    {
        await Grain.StartFailingAsync();

        await Cluster.EventuallyAsync(() => Ticks >= 3, "the timer goes on");
    }

    [Fact]
    public async Task EndlessPeriod_TicksOnce_AndChangeTicksAgain()
    {
        await Grain.StartOnceAsync();
        await Cluster.EventuallyAsync(() => Ticks == 1, "the timer ticks");
        await AtLeastTickAfterAnotherGrainTicksAsync();
        Assert.Equal(1, Ticks);

        await Grain.ChangeAsync(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
        await Cluster.EventuallyAsync(() => Ticks >= 3, "the changed timer ticks");
    }

    [Fact]
    public async Task State_IsHandedToTheTick()
    {
        await Grain.StartWithStateAsync("handed over");

        await Cluster.EventuallyAsync(() => Notes.Has(_key, "handed over"), "the timer ticks");
    }

    [Fact]
    public async Task DisposedTimer_TicksNoMore()
    {
        await Grain.StartFailingAsync();
        await Cluster.EventuallyAsync(() => Ticks >= 1, "the timer ticks");
        await Grain.DisposeAsync();
        var ticks = Ticks;
        await AtLeastTickAfterAnotherGrainTicksAsync();

        Assert.InRange(Ticks, ticks, ticks + 1); // one may have been under way
    }

    [Fact]
    public async Task Deactivation_EndsTheTimer_OnceItsTickHasEnded()
    {
        await Grain.StartHoldingAsync(interleave: true, _gate);
        await Cluster.EventuallyAsync(() => Notes.Has(_key, "tick starts"), "the tick starts");
        await Grain.DeactivateAsync();
        var next = Grain.NoteAsync("next activation");
        await cluster.Grains.GetGrain<ITimers>(Cluster.NewKey()).NoteAsync("another grain is free");
        Assert.False(next.IsCompleted);
        Gates.Of(_gate).Open();

        await next.WaitAsync(Cluster.Patience);
        Assert.Equal(["tick starts", "tick ends", "next activation"], Notes.Of(_key).Take(3).ToArray());
    }

    private int Ticks => Notes.Of(_key).Count(note => note == "tick");

    /// <summary>Waits until a timer of another grain, begun later, has ticked for a while.</summary>
    private async Task AtLeastTickAfterAnotherGrainTicksAsync()
    {
        var other = Cluster.NewKey();
        await cluster.Grains.GetGrain<ITimers>(other).StartFailingAsync();
        var ticks = (int)(AWhile / TimeSpan.FromMilliseconds(30));
        await Cluster.EventuallyAsync(() => Notes.Of(other).Count >= ticks, "another grain's timer ticks");
    }
}
