using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;

namespace EmergencyStop.Api.Tests.Orders;

[Trait("Host", "Both")]
public sealed class OrderEventsHttpTests(SharedService shared) : IClassFixture<SharedService>
{
    private const string Events = $"{ApiHost.Base}/orders/events";

    [Fact]
    public async Task Trader_HearsOfTheOwnBookOnly_AndNothingIsLostOverARestart()
    {
        await using var service = await RealService.StartAsync();
        var (_, aliceKey) = await service.AddSecretAsync(Role.Trader, "alice");
        var (engine, engineKey) = await service.AddSecretAsync(Role.Engine);

        string last;
        await using (var stream = await EventStream.OpenAsync(service.As(aliceKey), Events))
        {
            Assert.Equal("ready", (await stream.NextAsync()).EventType);
            await PlaceAsync(engine, "bob");
            await PlaceAsync(engine, "alice");
            var (admitted, open) = (await stream.NextAsync(), await stream.NextAsync());
            Assert.Equal(("admitted", "open"), (admitted.EventType, open.EventType));
            Assert.All([admitted, open], e => Assert.Equal("alice", (string?)e.Data["order"]!["user_id"]));
            last = open.EventId!; // Every event has one.
        }

        await PlaceAsync(engine, "alice");
        await service.RestartAsync();
        using var after = service.As(engineKey);
        await PlaceAsync(after, "alice");

        await using var resumed = await EventStream.OpenAsync(service.As(aliceKey), Events, last);
        var ready = await resumed.NextAsync();
        Assert.Equal(("ready", last), (ready.EventType, ready.EventId));
        var heard = new List<string>();
        while (heard.Count(e => e == "open") < 2)
        {
            heard.Add((await resumed.NextAsync()).EventType);
        }

        // The order of before the restart ends with the venue's session, whenever that is found out.
        Assert.Equal(["admitted", "open", "admitted", "open"], heard.Where(e => e is "admitted" or "open"));
    }

    [Theory]
    [InlineData("?user_id=bob", HttpStatusCode.Forbidden, "forbidden")]
    [InlineData("?last_event_id=abc", HttpStatusCode.BadRequest, "validation_failed")]
    [InlineData("?since=1", HttpStatusCode.BadRequest, "validation_failed")]
    [InlineData("?last_event_id=999", HttpStatusCode.Gone, "events_gone")]
    public async Task Follow_WhatCannotBe_IsAProblem(string query, HttpStatusCode status, string code)
    {
        var service = shared.Service;
        var (alice, _) = await service.AddKeyAsync(Role.Trader, "alice");
        await alice.GetAsync(Events + query).ShouldBeProblemAsync(status, code);
    }

    [Fact]
    public async Task Follow_FromBeforeTheOldestKept_SaysToReadTheOrdersAgain()
    {
        await using var service = await RealService.StartAsync();
        var (engine, _) = await service.AddKeyAsync(Role.Engine);
        await PlaceAsync(engine, "alice");
        await PlaceAsync(engine, "alice");
        await service.Ledger.PruneOrderEventsAsync(TimeProvider.System.GetUtcNow(), 1, CancellationToken.None);

        var problem = await engine.GetAsync($"{Events}?last_event_id=1").ShouldBeProblemAsync(HttpStatusCode.Gone, "events_gone");
        Assert.Contains("GET orders", (string?)problem["detail"], StringComparison.Ordinal);
    }

    private static async Task PlaceAsync(HttpClient client, string user)
    {
        var order = $$"""{"user_id": "{{user}}", "strategy_id": "s1", "symbol": "AAPL", "side": "buy", "quantity": 1, "type": "limit", "limit_price": 50}""";
        await client.PostAsync($"{ApiHost.Base}/orders", ApiHost.Json(order)).ShouldBeAsync(HttpStatusCode.Created);
    }
}
