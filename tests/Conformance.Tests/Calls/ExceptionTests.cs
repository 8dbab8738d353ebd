using EmergencyStop.Conformance.Tests.Grains;
using EmergencyStop.Conformance.Tests.Hosting;
using Orleans.Serialization;

namespace EmergencyStop.Conformance.Tests.Calls;

[Collection(ClusterCollection.Name)]
public sealed class ExceptionTests(Cluster cluster)
{
    private readonly ICalls _grain = cluster.Grains.GetGrain<ICalls>(Cluster.NewKey());

    [Fact]
    public async Task ExceptionOfThePlatform_Crosses_WithMessageDataStackAndCause()
    {
        var error = Assert.IsType<InvalidOperationException>(await ThrownAsync("system"));

        Assert.Equal("outer", error.Message);
        Assert.Equal("inner", Assert.IsType<TimeoutException>(error.InnerException).Message);
        Assert.Equal("value", error.Data["key"]);
        Assert.Contains(nameof(CallsGrain), error.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ArgumentException_Crosses_WithItsMessageOnly()
    {
        var error = Assert.IsType<ArgumentException>(await ThrownAsync("argument"));

        Assert.StartsWith("no good", error.Message, StringComparison.Ordinal);
        Assert.Null(error.ParamName);
    }

    [Fact]
    public async Task ExceptionWithASerializer_Crosses_WithItsMembers()
    {
        var error = Assert.IsType<KnownException>(await ThrownAsync("known"));

        Assert.Equal(("known", 42), (error.Message, error.Code));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("unknown-inside")]
    public async Task ExceptionWithoutASerializer_DoesNotCross(string what) =>
        Assert.IsType<CodecNotFoundException>(await ThrownAsync(what));

    [Fact]
    public async Task AggregateException_Crosses_WithAllItsParts()
    {
        var error = Assert.IsType<AggregateException>(await ThrownAsync("aggregate"));

        Assert.Equal(["one", "two"], error.InnerExceptions.Select(inner => inner.Message).ToArray());
    }

    [Fact]
    public async Task Cancellation_ThrownByTheCallee_CancelsTheCallersTask()
    {
        var call = _grain.ThrowAsync("cancelled");

        Assert.Equal("cancelled", Assert.IsType<OperationCanceledException>(await Record.ExceptionAsync(() => call)).Message);
        Assert.True(call.IsCanceled);
    }

    [Fact]
    public async Task Exception_OfAValueTaskMethod_Crosses() =>
        Assert.IsType<KnownException>(await Record.ExceptionAsync(async () => await _grain.ThrowValueAsync("known")));

    private Task<Exception?> ThrownAsync(string what) => Record.ExceptionAsync(() => _grain.ThrowAsync(what));
}
