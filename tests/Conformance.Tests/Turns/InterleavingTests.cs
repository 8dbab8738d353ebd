using EmergencyStop.Conformance.Tests.Grains;
using EmergencyStop.Conformance.Tests.Hosting;

namespace EmergencyStop.Conformance.Tests.Turns;

[Collection(ClusterCollection.Name)]
public sealed class InterleavingTests(Cluster cluster)
{
    private readonly string _key = Cluster.NewKey();
    private readonly string _gate = Cluster.NewKey();
    private readonly string _gate2 = Cluster.NewKey();

    [Fact]
    public async Task Reentrant_WhileARequestAwaits_StartsAnother()
    {
        var grain = cluster.Grains.GetGrain<IReentrantTurns>(_key);
        var held = grain.HoldAsync(_gate);
        await ReachedAsync(_gate, 1);

        await grain.NoteAsync("meanwhile").WaitAsync(Cluster.Patience);
        Assert.False(held.IsCompleted);

        await OpenAsync(held);
        Assert.Equal([$"{_gate} starts", "meanwhile", $"{_gate} ends"], Notes.Of(_key));
    }

    [Fact]
    public async Task AlwaysInterleave_OnTheInterface_StartsWhileAnotherRuns()
    {
        var grain = cluster.Grains.GetGrain<ITurns>(_key);
        var held = grain.HoldAsync(_gate);
        await ReachedAsync(_gate, 1);
        var queued = grain.NoteAsync("queued");

        await grain.NoteInterleavingAsync("meanwhile").WaitAsync(Cluster.Patience);

        Assert.False(queued.IsCompleted);
        await OpenAsync(held, queued);
        Assert.Equal([$"{_gate} starts", "meanwhile", $"{_gate} ends", "queued"], Notes.Of(_key));
    }

    [Fact]
    public async Task InterleavingRequest_WhileItRuns_HoldsUpNobody()
    {
        var grain = cluster.Grains.GetGrain<ITurns>(_key);
        var held = grain.HoldInterleavingAsync(_gate);
        await ReachedAsync(_gate, 1);

        await grain.NoteAsync("meanwhile").WaitAsync(Cluster.Patience);

        await OpenAsync(held);
        Assert.Equal([$"{_gate} starts", "meanwhile", $"{_gate} ends"], Notes.Of(_key));
    }

    [Fact]
    public async Task ReadOnlyRequests_RunBesideEachOther_AndOthersWait()
    {
        var grain = cluster.Grains.GetGrain<ITurns>(_key);
        var first = grain.HoldReadOnlyAsync(_gate);
        await ReachedAsync(_gate, 1);
        var write = grain.NoteAsync("write");
        var second = grain.HoldReadOnlyAsync(_gate);
        await ReachedAsync(_gate, 2);

        Assert.False(write.IsCompleted);

        await OpenAsync(first, second, write);
    }

    [Fact]
    public async Task ReadOnlyRequest_WhileAWriteRuns_Waits()
    {
        var grain = cluster.Grains.GetGrain<ITurns>(_key);
        var write = grain.HoldAsync(_gate);
        await ReachedAsync(_gate, 1);
        var read = grain.HoldReadOnlyAsync(_gate2);
        await grain.NoteInterleavingAsync("later than both").WaitAsync(Cluster.Patience);

        Assert.Equal(0, Gates.Of(_gate2).Reached);

        Gates.Of(_gate2).Open();
        await OpenAsync(write, read);
    }

    private static Task ReachedAsync(string gate, int times) =>
        Cluster.EventuallyAsync(() => Gates.Of(gate).Reached == times, $"{times} requests hold");

    private Task OpenAsync(params Task[] requests)
    {
        Gates.Of(_gate).Open();
        return Task.WhenAll(requests).WaitAsync(Cluster.Patience);
    }
}
