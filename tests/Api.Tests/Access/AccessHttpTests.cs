using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;

namespace EmergencyStop.Api.Tests.Access;

public sealed class AccessHttpTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer esk_notakey")]
    [InlineData("Basic YWxpY2U6c2VjcmV0")]
    [InlineData("Bearer esk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Request_WithoutAKnownKey_Is401(string? header)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Anonymous();
        if (header is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        }

        var answer = client.GetAsync($"{ApiHost.Base}/orders");

        await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal("Bearer", (await answer).Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task RevokedKey_Is401WithinASecond()
    {
        await using var host = await ApiHost.StartAsync(settings: ("KeyCacheMs", "0"));
        var (key, id) = host.AddKey(Role.Viewer);
        using var client = host.AsKey(key);
        await client.GetAsync($"{ApiHost.Base}/orders").ShouldBeAsync(HttpStatusCode.OK);

        await host.Ledger.RevokeKeyAsync(id, "test", Rows.At, CancellationToken.None);

        await client.GetAsync($"{ApiHost.Base}/orders").ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Engine)]
    public async Task Panic_ByARoleThatMayNotStop_Is403AndAudited(Role role)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(role, "alice");

        await client.PostAsync("/emergency-stop/panic").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");

        Assert.Empty(host.System.Stopped);
        var entry = Assert.Single(host.Ledger.AuditEntries);
        Assert.Equal("stop.refused", entry.Action);
    }

    [Fact]
    public async Task Refusal_ThatCannotBeAudited_IsARefusalStill()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Viewer);
        host.Ledger.ReadOnly = true;

        await client.PostAsync("/emergency-stop/panic").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Theory]
    [InlineData("/orders?user_id=bob")]
    [InlineData("/positions?user_id=bob")]
    [InlineData("/strategies?user_id=bob")]
    [InlineData("/emergency-stop/history?user_id=bob")]
    [InlineData("/gate?user_id=bob")]
    public async Task Trader_WhoAsksForAnothersBook_Is403(string path)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Trader();

        await client.GetAsync(ApiHost.Base + path).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Trader_WhoAsksForNoBook_SeesTheOwn()
    {
        await using var host = await ApiHost.StartAsync();
        host.Ledger.Orders[Rows.Order("o-a", Rows.Alice).Id] = Rows.Order("o-a", Rows.Alice);
        host.Ledger.Orders[Rows.Order("o-b", Rows.Bob).Id] = Rows.Order("o-b", Rows.Bob);
        using var client = host.Trader();

        var page = await client.GetAsync($"{ApiHost.Base}/orders").ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal("o-a", (string?)Assert.Single(page["orders"]!.AsArray())!["order_id"]);
    }

    [Fact]
    public async Task AnothersOrder_IsNotFoundForATrader()
    {
        await using var host = await ApiHost.StartAsync();
        host.Ledger.Orders[Rows.Order("o-b", Rows.Bob).Id] = Rows.Order("o-b", Rows.Bob);
        using var client = host.Trader();

        await client.GetAsync($"{ApiHost.Base}/orders/o-b").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
        await client.DeleteAsync($"{ApiHost.Base}/orders/o-b").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
    }
}
