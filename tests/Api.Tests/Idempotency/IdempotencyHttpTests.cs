using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EmergencyStop.Api.Tests.Idempotency;

public sealed class IdempotencyHttpTests
{
    private const string Order =
        """{"user_id": "alice", "strategy_id": "s1", "symbol": "AAPL", "side": "buy", "quantity": 1, "type": "market"}""";

    [Fact]
    public async Task SameKeyAndBody_IsTheSameAnswerByteForByte()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Engine);

        using var first = await client.PostAsync("/orders", Order, "k");
        using var second = await client.PostAsync("/orders", Order, "k");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.True(second.Headers.Contains("Idempotent-Replayed"));
        Assert.Single(host.Grains.Placed);
    }

    [Fact]
    public async Task SameKeyOtherBodyOrRoute_Is422()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Admin);
        await client.PostAsync("/orders", Order, "k").ShouldBeAsync(HttpStatusCode.Created);

        await client.PostAsync("/orders", Order.Replace("buy", "sell", StringComparison.Ordinal), "k")
            .ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        await client.PostAsync("/strategies/s1/resume", Order, "k").ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");

        Assert.Single(host.Grains.Placed);
    }

    [Fact]
    public async Task SameKeyOfAnotherCaller_IsAnotherRequest()
    {
        await using var host = await ApiHost.StartAsync();
        using var one = host.As(Role.Engine);
        using var other = host.As(Role.Engine);

        var first = await one.PostAsync("/orders", Order, "k").ShouldBeAsync(HttpStatusCode.Created);
        var second = await other.PostAsync("/orders", Order, "k").ShouldBeAsync(HttpStatusCode.Created);

        Assert.NotEqual((string?)first["order_id"], (string?)second["order_id"]);
    }

    [Fact]
    public async Task LostAnswer_GivesTheSameOrderNotASecondOne()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Engine);
        var first = await client.PostAsync("/orders", Order, "k").ShouldBeAsync(HttpStatusCode.Created);
        host.Ledger.Answers.Clear(); // The process died between the effect and the memory of it.

        var second = await client.PostAsync("/orders", Order, "k").ShouldBeAsync(HttpStatusCode.Created);

        Assert.Equal((string?)first["order_id"], (string?)second["order_id"]);
        Assert.StartsWith("idem-", (string?)first["client_order_id"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswerThatCannotBeRemembered_IsGivenAllTheSame()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Engine);
        host.Ledger.ReadOnly = true;

        await client.PostAsync("/orders", Order, "k").ShouldBeAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task ConcurrentRepeats_RunOnce()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var client = host.As(Role.Engine);

        var all = Enumerable.Range(0, 8).Select(_ => client.PostAsync("/orders", Order, "k")).ToList();
        while (host.Grains.Placed.IsEmpty)
        {
            await Task.Yield();
        }

        host.Grains.Hold.SetResult();
        var answers = await Task.WhenAll(all);

        Assert.Single(host.Grains.Placed);
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()))).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RepeatOfARequestThatTakesTooLong_IsToldToAskAgain()
    {
        await using var host = await ApiHost.StartAsync(settings: ("RepeatWaitMs", "0"));
        host.Grains.Hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var client = host.As(Role.Engine);
        var first = client.PostAsync("/orders", Order, "k");
        while (host.Grains.Placed.IsEmpty)
        {
            await Task.Yield();
        }

        await client.PostAsync("/orders", Order, "k").ShouldBeProblemAsync(HttpStatusCode.Conflict, "request_in_progress");
        await client.PostAsync("/orders", "{}", "k").ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");

        host.Grains.Hold.SetResult();
        await first.ShouldBeAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Refusals_AreRememberedToo_ExceptThoseOfAuthority()
    {
        await using var host = await ApiHost.StartAsync();
        var stop = Rows.Stop("stop-1", StopTarget.System, Rows.Caller(Role.Admin));
        host.Grains.OnPlace = _ => new PlaceAnswer.GateClosed(Rows.Latch(stop));
        using var engine = host.As(Role.Engine);
        using var bob = host.Trader("bob");

        await engine.PostAsync("/orders", Order, "k").ShouldBeProblemAsync(HttpStatusCode.Locked, "gate_closed");
        host.Grains.OnPlace = null;
        await engine.PostAsync("/orders", Order, "k").ShouldBeProblemAsync(HttpStatusCode.Locked, "gate_closed");
        await bob.PostAsync("/orders", Order, "k").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");

        Assert.Equal(423, Assert.Single(host.Ledger.Answers).Value.Status);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    public async Task WrongKey_Is400(string key)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Admin);

        await client.PostAsync("/orders", Order, key).ShouldRefuseAsync("Idempotency-Key");
        await client.PostAsync("/emergency-stop/system/stop", "{}", key).ShouldRefuseAsync("Idempotency-Key");
        await client.PostAsync("/orders", Order, new string('k', 129)).ShouldRefuseAsync("Idempotency-Key");
    }

    [Fact]
    public async Task EveryPost_TakesAKey()
    {
        await using var host = await ApiHost.StartAsync();

        var posts = host.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText?.StartsWith(ApiHost.Base, StringComparison.Ordinal) == true) // The console's forms carry a name of their own.
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
            .Where(e => e.RoutePattern.RawText?.EndsWith("/heartbeats/", StringComparison.Ordinal) != true) // A remembered answer would be no beat.
            .Where(e => e.RoutePattern.RawText?.EndsWith("/events/", StringComparison.Ordinal) != true) // An event's source and id are its key.
            .DistinctBy(e => e.RoutePattern.RawText)
            .ToList();

        Assert.Equal(15, posts.Count);
        Assert.All(posts, p => Assert.NotNull(p.Metadata.GetMetadata<TakesIdempotencyKey>()));
    }
}
