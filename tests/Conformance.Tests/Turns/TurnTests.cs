using EmergencyStop.Conformance.Tests.Grains;
using EmergencyStop.Conformance.Tests.Hosting;

namespace EmergencyStop.Conformance.Tests.Turns;

[Collection(ClusterCollection.Name)]
public sealed class TurnTests(Cluster cluster)
{
    [Fact]
    public async Task Request_WhileAnotherRuns_Waits()
    {
        var (key, gate) = (Cluster.NewKey(), Cluster.NewKey());
        var grain = cluster.Grains.GetGrain<ITurns>(key);
        var first = grain.HoldAsync(gate);
        await Cluster.EventuallyAsync(() => Gates.Of(gate).Reached == 1, "the first request holds");
        var second = grain.NoteAsync("second");
        var third = grain.NoteAsync("third");
        await cluster.Grains.GetGrain<ITurns>(Cluster.NewKey()).NoteAsync("another grain is free");
        Assert.False(second.IsCompleted);

        Gates.Of(gate).Open();
        await Task.WhenAll(first, second, third).WaitAsync(Cluster.Patience);

        var notes = Notes.Of(key);
        Assert.Equal([$"{gate} starts", $"{gate} ends"], notes.Take(2).ToArray());
        Assert.Equal(["second", "third"], notes.Skip(2).Order(StringComparer.Ordinal).ToArray()); // neither runtime promises their order
    }

    [Fact]
    public async Task Turns_OfInterleavingRequests_NeverOverlap()
    {
        var grain = cluster.Grains.GetGrain<IReentrantTurns>(Cluster.NewKey());

        var counts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => grain.CountAsync(100))).WaitAsync(Cluster.Patience);

        Assert.Equal(50 * 100, counts.Max());
    }

    [Fact]
    public async Task Continuations_OfAwaits_StayOnTheActivationsScheduler()
    {
        var other = cluster.Grains.GetGrain<ITurns>(Cluster.NewKey());

        Assert.Equal("stays", await cluster.Grains.GetGrain<ITurns>(Cluster.NewKey()).CheckSchedulersAsync(other));
    }

    [Fact]
    public async Task Tasks_StartedInATurn_RunAsTurns() =>
        Assert.True(await cluster.Grains.GetGrain<ITurns>(Cluster.NewKey()).StartNewStaysAsync());

    [Fact]
    public async Task CallToItself_OfAGrainThatIsNotReentrant_TimesOut()
    {
        var error = await Record.ExceptionAsync(() => cluster.Grains.GetGrain<ITurns>(Cluster.NewKey()).CallSelfAsync());

        Assert.IsType<TimeoutException>(error);
    }

    [Fact]
    public async Task CallBack_IntoAReentrantGrain_Runs()
    {
        var first = cluster.Grains.GetGrain<IReentrantTurns>(Cluster.NewKey());
        var second = cluster.Grains.GetGrain<ITurns>(Cluster.NewKey());

        Assert.Equal("through", await first.CallThroughAsync(second));
    }
}
