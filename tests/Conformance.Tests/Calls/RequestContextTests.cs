using EmergencyStop.Conformance.Tests.Grains;
using EmergencyStop.Conformance.Tests.Hosting;
using Orleans.Runtime;

namespace EmergencyStop.Conformance.Tests.Calls;

[Collection(ClusterCollection.Name)]
public sealed class RequestContextTests(Cluster cluster)
{
    private readonly ICalls _grain = cluster.Grains.GetGrain<ICalls>(Cluster.NewKey());
    private readonly ICalls _other = cluster.Grains.GetGrain<ICalls>(Cluster.NewKey());
    private readonly string _name = Cluster.NewKey();

    [Fact]
    public async Task Value_TravelsWithTheCall_AndOnFromThere()
    {
        RequestContext.Set(_name, "value");

        Assert.Equal("value", await _grain.ContextAsync(_name));
        Assert.Equal("value", await _grain.ContextAfterAwaitAsync(_name));
        Assert.Equal("value", await _grain.ContextOfOtherAsync(_other, _name));
    }

    [Fact]
    public async Task Value_SetByTheCallee_DoesNotComeBack_NorStay()
    {
        RequestContext.Set(_name, "mine");
        await _grain.SetContextAsync(_name, "yours");
        Assert.Equal("mine", RequestContext.Get(_name));
        RequestContext.Remove(_name);

        Assert.Null(RequestContext.Get(_name));
        Assert.Null(await _grain.ContextAsync(_name));
    }

    [Fact]
    public async Task OtherAsyncLocals_StayBehind()
    {
        Ambient.Value.Value = "here";

        Assert.Null(await cluster.Grains.GetGrain<IAmbient>(Cluster.NewKey()).AmbientAsync());
    }
}
