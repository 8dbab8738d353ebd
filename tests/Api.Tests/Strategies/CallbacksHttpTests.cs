using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;

namespace EmergencyStop.Api.Tests.Strategies;

public sealed class CallbacksHttpTests
{
    private const string Body = """{"user_id": "alice", "callback_url": "http://strategy.example/told"}""";

    [Fact]
    public async Task Register_WithACallbackThatMayNotBeCalled_Is400NamingIt()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Trader();
        await PutAsync(client, "s1", """{"user_id": "alice", "callback_url": "http://refused.example/"}""").ShouldRefuseAsync("callback_url");
        Assert.Empty(host.Ledger.Strategies);
    }

    [Fact]
    public async Task Secret_IsShownWithTheFirstCallback_Once()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Trader();

        var first = await PutAsync(client, "s1", Body).ShouldBeAsync(HttpStatusCode.OK);
        var again = await PutAsync(client, "s1", Body).ShouldBeAsync(HttpStatusCode.OK);
        var read = await client.GetAsync($"{ApiHost.Base}/strategies/s1").ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal("whsec_s1_0", (string?)first["callback_secret"]);
        Assert.Null((string?)again["callback_secret"]);
        Assert.Null(read["callback_secret"]);
    }

    [Fact]
    public async Task Secret_IsChangedByItsOwner_AndByNobodyElse()
    {
        await using var host = await ApiHost.StartAsync();
        using var alice = host.Trader();
        using var bob = host.Trader("bob");
        using var viewer = host.As(Role.Viewer);
        await PutAsync(alice, "s1", Body).ShouldBeAsync(HttpStatusCode.OK);

        var changed = await RotateAsync(alice).ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal("whsec_s1_1", (string?)changed["callback_secret"]);
        await RotateAsync(bob).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
        await RotateAsync(viewer).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string strategy, string json) =>
        client.PutAsync($"{ApiHost.Base}/strategies/{strategy}", ApiHost.Json(json));

    private static Task<HttpResponseMessage> RotateAsync(HttpClient client) =>
        client.PutAsync($"{ApiHost.Base}/strategies/s1/callback-secret", content: null);
}
