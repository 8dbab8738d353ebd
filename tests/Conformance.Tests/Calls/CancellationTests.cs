using EmergencyStop.Conformance.Tests.Grains;
using EmergencyStop.Conformance.Tests.Hosting;

namespace EmergencyStop.Conformance.Tests.Calls;

[Collection(ClusterCollection.Name)]
public sealed class CancellationTests(Cluster cluster)
{
    private readonly string _key = Cluster.NewKey();
    private readonly string _gate = Cluster.NewKey();

    private ICalls Grain => cluster.Grains.GetGrain<ICalls>(_key);

    [Fact]
    public async Task Cancelling_EndsTheCallersWait_AndReachesTheCalleeInATurn()
    {
        using var source = new CancellationTokenSource();
        var call = Grain.HoldUntilCancelledAsync(_gate, source.Token);
        await Cluster.EventuallyAsync(() => Gates.Of(_gate).Reached == 1, "the grain holds");

        await source.CancelAsync();

        var error = await Record.ExceptionAsync(() => call.WaitAsync(Cluster.Patience));
        Assert.IsAssignableFrom<OperationCanceledException>(error);
        Assert.True(call.IsCanceled);
        await Cluster.EventuallyAsync(() => Notes.Has(_key, "cancelled in a turn"), "the callee learns of it in a turn");
    }

    [Fact]
    public async Task Cancelling_BetweenGrains_Works() =>
        Assert.Equal("cancelled", await Grain.CancelOtherAsync(cluster.Grains.GetGrain<ICalls>(Cluster.NewKey()), _gate));

    [Fact]
    public async Task CallWithACancelledToken_FailsAndNeverRuns()
    {
        var error = await Record.ExceptionAsync(() => Grain.NoteAsync("ran", new CancellationToken(canceled: true)));

        Assert.IsAssignableFrom<OperationCanceledException>(error);
        Assert.False(await Grain.CanBeCancelledAsync(CancellationToken.None));
        Assert.False(Notes.Has(_key, "ran"));
    }

    [Fact]
    public async Task CancellingAWaitingRequest_EndsIt_AndItNeverRuns()
    {
        using var first = new CancellationTokenSource();
        var held = Grain.HoldUntilCancelledAsync(_gate, first.Token);
        await Cluster.EventuallyAsync(() => Gates.Of(_gate).Reached == 1, "the grain holds");
        using var source = new CancellationTokenSource();
        var waiting = Grain.NoteAsync("ran", source.Token);
        await Grain.ContextAsync("behind it");

        await source.CancelAsync();

        Assert.IsAssignableFrom<OperationCanceledException>(await Record.ExceptionAsync(() => waiting.WaitAsync(Cluster.Patience)));
        await Grain.ContextAsync("behind it");
        await first.CancelAsync();
        await Record.ExceptionAsync(() => held);
        await Grain.NoteAsync("next", CancellationToken.None).WaitAsync(Cluster.Patience);
        Assert.Equal(["cancelled in a turn", "next"], Notes.Of(_key));
    }
}
