using EmergencyStop.Conformance.Tests.Grains;
using EmergencyStop.Conformance.Tests.Hosting;

namespace EmergencyStop.Conformance.Tests.Calls;

[Collection(ClusterCollection.Name)]
public sealed class CallTests(Cluster cluster)
{
    private readonly string _key = Cluster.NewKey();
    private readonly string _gate = Cluster.NewKey();

    private ICalls Grain => cluster.Grains.GetGrain<ICalls>(_key);

    [Fact]
    public async Task ArgumentsAndResults_Arrive()
    {
        var parcel = new Parcel("text", [1, 2, 3], DateTimeOffset.UnixEpoch, 1.50m);

        var echo = await Grain.EchoAsync(parcel);

        Assert.Equal(parcel with { Numbers = [] }, echo with { Numbers = [] });
        Assert.Equal(parcel.Numbers.ToArray(), echo.Numbers.ToArray());
        Assert.Null(await Grain.NothingAsync(null));
        Assert.Equal(5, await Grain.EchoValueAsync(5));
        await Grain.DoValueAsync();
    }

    [Fact]
    public async Task OneWay_ReturnsBeforeTheGrainIsDone_AndItsFailureIsNotHeard()
    {
        await Grain.OneWayAsync(_gate).WaitAsync(Cluster.Patience);
        Assert.False(Notes.Has(_key, "one way ends"));
        Gates.Of(_gate).Open();

        await Cluster.EventuallyAsync(() => Notes.Has(_key, "one way ends"), "the one-way call runs");
    }

    [Fact]
    public async Task ResponseTimeout_FailsTheCall_AndTheCalleeRunsOn()
    {
        var error = await Record.ExceptionAsync(() => Grain.HoldBrieflyAsync(_gate).WaitAsync(Cluster.Patience));
        Assert.Contains("Response did not arrive on time in 00:00:01", Assert.IsType<TimeoutException>(error).Message, StringComparison.Ordinal);
        Gates.Of(_gate).Open();

        await Cluster.EventuallyAsync(() => Notes.Has(_key, "ran on"), "the callee runs on");
    }

    [Fact]
    public async Task RequestThatTimedOutWaiting_NeverRuns()
    {
        using var source = new CancellationTokenSource();
        var held = Grain.HoldUntilCancelledAsync(_gate, source.Token);
        await Cluster.EventuallyAsync(() => Gates.Of(_gate).Reached == 1, "the first request holds");
        var gate2 = Cluster.NewKey();
        Assert.IsType<TimeoutException>(await Record.ExceptionAsync(() => Grain.HoldBrieflyAsync(gate2).WaitAsync(Cluster.Patience)));

        await source.CancelAsync();
        await Record.ExceptionAsync(() => held);
        await Grain.NoteAsync("next", CancellationToken.None).WaitAsync(Cluster.Patience);

        Assert.Equal(0, Gates.Of(gate2).Reached);
    }

    [Fact]
    public async Task ResponseTimeout_LeavesTheCalleesTokenAlone()
    {
        var error = await Record.ExceptionAsync(() => Grain.HoldPastTimeoutAsync(_gate, CancellationToken.None).WaitAsync(Cluster.Patience));
        Assert.IsType<TimeoutException>(error);
        Gates.Of(_gate).Open();

        await Cluster.EventuallyAsync(() => Notes.Has(_key, "cancelled by the timeout: False"), "the callee's token is not cancelled");
    }
}
