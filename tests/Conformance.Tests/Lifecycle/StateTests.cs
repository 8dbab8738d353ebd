using EmergencyStop.Conformance.Tests.Grains;
using EmergencyStop.Conformance.Tests.Hosting;
using Orleans.Storage;

namespace EmergencyStop.Conformance.Tests.Lifecycle;

[Collection(ClusterCollection.Name)]
public sealed class StateTests(Cluster cluster)
{
    private readonly IState _grain = cluster.Grains.GetGrain<IState>(Cluster.NewKey());

    [Fact]
    public async Task NewGrain_HasEmptyState_WithoutRecord() =>
        Assert.Equal(new StateView(0, Exists: false, HasEtag: false, CountAtActivation: 0), await _grain.ViewAsync());

    [Fact]
    public async Task WrittenState_IsReadBeforeTheNextActivation()
    {
        await _grain.SetAsync(7);
        await _grain.DeactivateAsync();

        Assert.Equal(new StateView(7, Exists: true, HasEtag: true, CountAtActivation: 7), await _grain.ViewAsync());
    }

    [Fact]
    public async Task UnwrittenState_IsLostWithTheActivation()
    {
        await _grain.SetAsync(7);
        await _grain.SetUnwrittenAsync(8);
        await _grain.DeactivateAsync();

        Assert.Equal(7, (await _grain.ViewAsync()).Count);
    }

    [Fact]
    public async Task Read_GetsTheStoredStateAnew()
    {
        await _grain.SetAsync(7);

        Assert.Equal(7, await _grain.RereadAsync(unwritten: 8));
    }

    [Fact]
    public async Task Etag_ChangesWithEveryWrite() => Assert.True(await _grain.EtagsChangeAsync());

    [Fact]
    public async Task WriteUnderAStaleEtag_IsRefused()
    {
        Assert.Equal("refused", await _grain.WriteStaleAsync(letEscape: false));

        await _grain.DeactivateAsync();
        Assert.Equal(10, (await _grain.ViewAsync()).Count);
    }

    [Fact]
    public async Task InconsistentState_WhenItEscapes_EndsTheActivation()
    {
        var error = await Record.ExceptionAsync(() => _grain.WriteStaleAsync(letEscape: true));

        Assert.IsAssignableFrom<InconsistentStateException>(error);
        Assert.Equal(new StateView(10, Exists: true, HasEtag: true, CountAtActivation: 10), await _grain.ViewAsync());
    }

    [Fact]
    public async Task Clear_RemovesTheRecord_AndAWriteMakesItAgain()
    {
        await _grain.SetAsync(7);
        await _grain.ClearAsync();
        var cleared = await _grain.ViewAsync();
        Assert.Equal((0, false), (cleared.Count, cleared.Exists));

        await _grain.SetAsync(9);
        await _grain.DeactivateAsync();
        Assert.Equal(9, (await _grain.ViewAsync()).Count);
    }

    [Fact]
    public async Task WritesAtOnce_GoOneAfterAnother() => Assert.Equal(2, await _grain.WriteTwiceAtOnceAsync());
}
