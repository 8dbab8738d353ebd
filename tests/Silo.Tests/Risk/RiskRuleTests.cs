using System.Net;
using System.Text.Json.Nodes;

namespace EmergencyStop.Silo.Tests.Risk;

/// <summary>Each trigger from its cause to a refused order, through the running service (F14).</summary>
public sealed class RiskRuleTests
{
    [Fact]
    public async Task F14_F19_ADrawdown_StopsTheBook_AndAfterTheReleaseItIsMeasuredAnewWithAGrace()
    {
        await using var service = await RiskService.StartAsync();
        await service.RuleAsync("dd", new { kind = "drawdown", threshold = 5, user_id = "alice", warn_at = new[] { 50 }, hold_ms = 400, grace_ms = 3_000, action = "stop", reason = "desk limit" });
        await service.BuyAsync("alice", 200);
        var calm = await service.FigureAsync("alice", "dd", f => f["measured_from"] is not null && f["value"] is not null);
        Assert.Equal((100_000m, 0), (calm["measured_from"]!.GetValue<decimal>(), calm["level"]!.GetValue<int>()));
        Assert.Equal("venue", (await service.Officer.GetAsync("risk/users/alice")).Body["equity_source"]!.GetValue<string>());

        await service.Venue.SetPriceAsync("AAPL", 85); // 3 %
        await service.FigureAsync("alice", "dd", f => f["level"]!.GetValue<int>() == 50);
        Assert.Equal(HttpStatusCode.Created, (await service.PlaceAsync("alice")).Status);

        await service.Venue.SetPriceAsync("AAPL", 70); // 6 %
        var stop = await service.RefusedAsync("alice");
        Assert.Equal(("RISK_VIOLATION", "risk rule dd v1", "USER:alice"), (Text(stop, "reason"), Text(stop, "requested_by"), Text(stop, "target")));
        Assert.StartsWith("drawdown 6 % over the limit of 5 %: equity 94,000.00 USD, peak 100,000.00 USD of ", Text(stop, "message"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await service.PlaceAsync("bob")).Status); // Only the scope.

        var broken = await service.FigureAsync("alice", "dd", f => f["last_breach"]?["stop_id"] is not null);
        Assert.Equal(("breached", Text(stop, "stop_id")), (Text(broken, "standing"), Text(broken["last_breach"]!, "stop_id")));
        await service.ReleaseAsync(Text(stop, "stop_id"));
        var grace = await service.FigureAsync("alice", "dd", f => Text(f, "standing") == "grace" && f["measured_from"] is not null);
        Assert.Equal(94_000m, grace["measured_from"]!.GetValue<decimal>());
        Assert.Equal(HttpStatusCode.Created, (await service.PlaceAsync("alice")).Status);

        await service.Venue.SetPriceAsync("AAPL", 40);
        await service.FigureAsync("alice", "dd", f => f["value"]?.GetValue<decimal>() > 5 && Text(f, "standing") == "grace");
        var again = await service.RefusedAsync("alice");
        Assert.NotEqual(Text(stop, "stop_id"), Text(again, "stop_id"));
        Assert.Equal(2, await service.StopsAsync());
        Assert.True(DateTimeOffset.Parse(Text(again, "requested_at"), null) >= DateTimeOffset.Parse(Text(grace, "grace_until"), null), "It acted within its grace.");
    }

    [Fact]
    public async Task F14_ADailyLoss_StopsTheBook_WhosePeakAnotherRuleOnlyRecords()
    {
        await using var service = await RiskService.StartAsync();
        await service.RuleAsync("loss", new { kind = "daily_loss", threshold = 2_000, user_id = "alice", hold_ms = 0, action = "stop", reason = "desk limit" });
        await service.RuleAsync("shadow", new { kind = "drawdown", threshold = 1, user_id = "alice", hold_ms = 0, shadow = true, action = "stop", reason = "is it too tight?" });
        await service.BuyAsync("alice", 100);
        await service.FigureAsync("alice", "loss", f => f["value"] is not null);

        await service.Venue.SetPriceAsync("AAPL", 85);
        var shadow = await service.FigureAsync("alice", "shadow", f => f["last_breach"] is not null);
        Assert.True(shadow["last_breach"]!["shadow"]!.GetValue<bool>());
        Assert.Equal((0, HttpStatusCode.Created), (await service.StopsAsync(), (await service.PlaceAsync("alice")).Status));

        await service.Venue.SetPriceAsync("AAPL", 79.5m);
        var stop = await service.RefusedAsync("alice");
        Assert.Equal("risk rule loss v1", Text(stop, "requested_by"));
        Assert.StartsWith("daily loss 2,050.00 USD over the limit of 2,000.00 USD since ", Text(stop, "message"), StringComparison.Ordinal);
        var (code, verdict, error) = await ServiceProcess.RunAsync("Silo", "audit", "verify", "--data", service.Folder);
        Assert.True(code == 0, verdict + error);
    }

    [Fact]
    public async Task F14_F21_AWrongPriceThatDoesNotLast_StopsNothing()
    {
        await using var service = await RiskService.StartAsync();
        await service.RuleAsync("dd", new { kind = "drawdown", threshold = 5, user_id = "alice", hold_ms = 20_000, action = "stop", reason = "desk limit" });
        await service.BuyAsync("alice", 100);
        await service.FigureAsync("alice", "dd", f => f["value"] is not null);
        foreach (var wrong in new[] { 0.01m, 10_000m, 0.01m })
        {
            await service.Venue.SetPriceAsync("AAPL", wrong);
            await service.FigureAsync("alice", "dd", f => Math.Abs(f["value"]!.GetValue<decimal>()) > 5);
            await service.Venue.SetPriceAsync("AAPL", 100);
            await service.FigureAsync("alice", "dd", f => Math.Abs(f["value"]!.GetValue<decimal>()) < 5);
        }

        Assert.Equal((0, HttpStatusCode.Created), (await service.StopsAsync(), (await service.PlaceAsync("alice")).Status));
    }

    [Fact]
    public async Task F14_ARunawayStrategy_IsStopped_AndNoOtherStrategyOfItsUser()
    {
        await using var service = await RiskService.StartAsync();
        await service.RuleAsync("runaway", new { kind = "order_rate", per = "strategy", threshold = 30, window_ms = 5_000, action = "stop", reason = "no strategy of ours is so fast" });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RunAwayAsync(service)));
        var stop = await service.RefusedAsync("alice");
        Assert.Equal(("STRATEGY:s1", "risk rule runaway v1"), (Text(stop, "target"), Text(stop, "requested_by")));
        Assert.Contains("orders within 5 s, over the limit of 30 orders (strategy s1)", Text(stop, "message"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await service.PlaceAsync("alice", "s2")).Status);
        Assert.Equal(1, await service.StopsAsync());
    }

    [Fact]
    public async Task F14_ARejectStorm_StopsTheBook()
    {
        await using var service = await RiskService.StartAsync();
        await service.RuleAsync("rejects", new { kind = "reject_rate", threshold = 50, minimum_orders = 10, user_id = "alice", window_ms = 60_000, action = "stop", reason = "something is wrong with its orders" });
        await service.Officer.UntilAsync("risk/users/alice", u => u["rules"]!.AsArray().Count == 1);
        await service.Venue.SetFaultsAsync(new { reject = 1 });
        for (var i = 0; i < 12; i++)
        {
            await service.PlaceAsync("alice");
        }

        await service.Venue.SetFaultsAsync(new { reject = 0 });
        var stop = await service.RefusedAsync("alice");
        Assert.Equal(("RISK_VIOLATION", "risk rule rejects v1"), (Text(stop, "reason"), Text(stop, "requested_by")));
        Assert.Contains("orders rejected within 60 s, over the limit of 50 %", Text(stop, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F26_AnAccountThatCannotBeRead_IsShownAsStale_AndStopsOnlyByARuleThatAsksForIt()
    {
        await using var service = await RiskService.StartAsync();
        await service.RuleAsync("dd", new { kind = "drawdown", threshold = 5, user_id = "alice", hold_ms = 0, action = "stop", reason = "desk limit" });
        await service.BuyAsync("alice", 100);
        await service.FigureAsync("alice", "dd", f => f["value"] is not null);
        await service.Venue.SetFaultsAsync(new { down = true });
        await service.Officer.UntilAsync("risk/users/alice", u => u["stale"]!.GetValue<bool>() && u["why"] is not null);
        Assert.Equal(0, await service.StopsAsync());

        await service.RuleAsync("blind", new { kind = "stale_figures", threshold = 2, user_id = "alice", action = "stop", cancel_orders = false, reason = "no trading without sight" });
        var stop = await service.RefusedAsync("alice");
        Assert.Equal("risk rule blind v1", Text(stop, "requested_by"));
        await service.Venue.SetFaultsAsync(new { down = false });
    }

    [Fact]
    public async Task F17_ABrokenRule_KilledAtOnce_StaysStoppedAndIsNotStoppedTwice()
    {
        await using var service = await RiskService.StartAsync();
        await service.RuleAsync("dd", new { kind = "drawdown", threshold = 5, user_id = "alice", hold_ms = 0, action = "stop", reason = "desk limit" });
        await service.BuyAsync("alice", 100);
        await service.MeasuredAsync("alice", "dd");
        await service.KillAndRestartAsync();
        await service.Venue.SetPriceAsync("AAPL", 30); // The peak is of before the restart.
        var stop = await service.RefusedAsync("alice");
        await service.KillAndRestartAsync();
        var figure = await service.FigureAsync("alice", "dd", f => f["last_breach"]?["stop_id"] is not null);
        Assert.Equal(Text(stop, "stop_id"), Text(figure["last_breach"]!, "stop_id"));
        Assert.Equal(((HttpStatusCode)423, 1), ((await service.PlaceAsync("alice")).Status, await service.StopsAsync()));
    }

    private static async Task RunAwayAsync(RiskService service)
    {
        for (var i = 0; i < 100; i++)
        {
            if ((await service.PlaceAsync("alice")).Status == (HttpStatusCode)423)
            {
                return;
            }
        }

        Assert.Fail("A hundred orders passed.");
    }

    private static string Text(JsonNode node, string field) => node[field]?.GetValue<string>() ?? string.Empty;
}
