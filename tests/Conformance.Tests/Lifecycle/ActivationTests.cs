using EmergencyStop.Conformance.Tests.Grains;
using EmergencyStop.Conformance.Tests.Hosting;
using Orleans;

namespace EmergencyStop.Conformance.Tests.Lifecycle;

[Collection(ClusterCollection.Name)]
public sealed class ActivationTests(Cluster cluster)
{
    private readonly string _key = Cluster.NewKey();
    private readonly string _gate = Cluster.NewKey();

    [Fact]
    public async Task Activation_RunsOnce_BeforeTheFirstRequest()
    {
        var grain = cluster.Grains.GetGrain<ILifecycle>(_key);

        var activations = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => grain.ActivationAsync()));

        Assert.All(activations, activation => Assert.Equal(1, activation));
        Assert.Equal("activated", Notes.Of(_key)[0]);
        Assert.Single(Notes.Of(_key), "activated");
    }

    [Fact]
    public async Task DeactivateOnIdle_EndsTheActivation_AndTheNextCallMakesAnother()
    {
        var grain = cluster.Grains.GetGrain<ILifecycle>(_key);
        await grain.DeactivateAsync();

        Assert.Equal(2, await grain.ActivationAsync());
        Assert.Equal(["activated", "deactivating ApplicationRequested", "deactivated", "activated", "called"], Notes.Of(_key));
        Assert.Equal(["hello from a deactivation"], Notes.Of($"{_key}-other"));
    }

    [Fact]
    public async Task Deactivation_WhileARequestRuns_WaitsForItsEnd()
    {
        var grain = cluster.Grains.GetGrain<ILifecycle>(_key);
        var held = grain.DeactivateAndHoldAsync(_gate);
        await Cluster.EventuallyAsync(() => Gates.Of(_gate).Reached == 1, "the request holds");
        var next = grain.ActivationAsync();
        var interleaving = grain.ActivationInterleavingAsync();
        Gates.Of(_gate).Open();

        Assert.Equal(2, await next.WaitAsync(Cluster.Patience));
        Assert.Equal(2, await interleaving.WaitAsync(Cluster.Patience));
        await held;
        Assert.Equal(
            ["activated", "request ends", "deactivating ApplicationRequested", "deactivated", "activated", "called", "called"],
            Notes.Of(_key));
    }

    [Fact]
    public async Task Calls_DuringOnDeactivate_GoToTheNextActivation()
    {
        var grain = cluster.Grains.GetGrain<ILifecycle>(_key);
        await grain.HoldDeactivationAsync(_gate);
        await Cluster.EventuallyAsync(() => Gates.Of(_gate).Reached == 1, "the deactivation holds");
        var next = grain.ActivationAsync();
        Assert.False(Notes.Has(_key, "called"));
        Gates.Of(_gate).Open();

        Assert.Equal(2, await next.WaitAsync(Cluster.Patience));
    }

    [Fact]
    public async Task FailedActivation_FailsItsCalls_AndTheNextCallTriesAgain()
    {
        var grain = cluster.Grains.GetGrain<IUnlucky>(_key);

        var error = await Record.ExceptionAsync(() => grain.AttemptsAsync().WaitAsync(Cluster.Patience));

        Assert.Equal("no luck", Assert.IsType<InvalidOperationException>(error).Message);
        Assert.Equal(2, await grain.AttemptsAsync().WaitAsync(Cluster.Patience));
    }

    [Fact]
    public async Task FailedConstructor_FailsTheCall()
    {
        var error = await Record.ExceptionAsync(() => cluster.Grains.GetGrain<IStillborn>(_key).CallAsync().WaitAsync(Cluster.Patience));

        Assert.StartsWith("Failed to create an instance of grain type", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task IdleActivation_IsCollected_UnlessATimerOrADelayKeepsIt(bool keepAlive, bool delay, bool collected)
    {
        await cluster.Grains.GetGrain<IIdle>(_key).StartAsync(keepAlive, delay);
        if (collected)
        {
            await Cluster.EventuallyAsync(() => Notes.Has(_key, "ActivationIdle"), "the idle activation is collected");
            return;
        }

        var other = Cluster.NewKey();
        await cluster.Grains.GetGrain<IIdle>(other).StartAsync(keepAlive: false, delay: false);
        await Cluster.EventuallyAsync(() => Notes.Has(other, "ActivationIdle"), "a later activation is collected");
        Assert.Empty(Notes.Of(_key));
    }

    [Fact]
    public async Task Keys_OfEveryKind_ReachTheGrain()
    {
        var guid = Guid.NewGuid();

        Assert.Equal(guid, await cluster.Grains.GetGrain<IGuidKey>(guid).KeyAsync());
        Assert.Equal(-5, await cluster.Grains.GetGrain<IIntegerKey>(-5).KeyAsync());
        Assert.Equal(long.MaxValue, await cluster.Grains.GetGrain<IIntegerKey>(long.MaxValue).KeyAsync());
        Assert.Equal("5", cluster.Grains.GetGrain<ITurns>("5").GetPrimaryKeyString());
    }

    [Fact]
    public async Task Constructor_IsGivenServicesStateAndContext()
    {
        var grain = cluster.Grains.GetGrain<IInjected>(_key);

        Assert.Equal($"hello {_key} 0 x", await grain.GreetAsync());
    }

    [Fact]
    public async Task References_AreEqualByGrain_AndCanBePassedOn()
    {
        var grain = cluster.Grains.GetGrain<IInjected>(_key);
        var other = cluster.Grains.GetGrain<IInjected>(Cluster.NewKey());

        Assert.Equal(grain, cluster.Grains.GetGrain<IInjected>(_key));
        Assert.NotEqual(grain, other);
        Assert.Equal($"hello {_key} 0 x", await other.PassOnAsync(grain));
        Assert.Equal($"injected/{_key}", grain.GetGrainId().ToString());
    }
}
