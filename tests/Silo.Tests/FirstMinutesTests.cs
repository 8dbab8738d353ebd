using System.Net;

namespace EmergencyStop.Silo.Tests;

/// <summary>What a new user does first, against the programs as they are started.</summary>
public sealed class FirstMinutesTests
{
    [Fact]
    public async Task Service_StartsWithNothingSet_SaysHowToMakeAKey_AndEndsOnSigterm()
    {
        using var data = new TempFolder();
        await using var service = await ServiceProcess.StartSiloAsync(data.Path);
        Assert.Contains("keys create", service.Output, StringComparison.Ordinal);
        Assert.Contains("host: ", service.Output, StringComparison.Ordinal);
        Assert.Equal(0, await service.TerminateAsync());
    }

    /// <summary>An order is at a slow venue when the service is told to end: its caller is answered first, however long that takes.</summary>
    [Fact]
    public async Task Sigterm_WhileAnOrderIsUnderWay_WaitsForItsAnswer_AndEndsInOrder()
    {
        using var data = new TempFolder();
        await using var venue = await Simulator.StartAsync();
        var key = await ServiceClient.MakeKeyAsync(data.Path, "trader", "alice");
        var patient = new Dictionary<string, string>(StringComparer.Ordinal) { ["Orders__SendWindow"] = "00:00:20", ["Venues__Alpaca__ConnectTimeout"] = "00:00:10" };
        await using var service = await ServiceProcess.StartWithAsync(data.Path, patient, "--venue-url", venue.Url.ToString());
        using var alice = ServiceClient.Of(service, key);
        var (_, first) = await alice.PlaceAsync("alice");
        await alice.UntilAsync($"orders/{first["order_id"]}", o => o["status"]!.GetValue<string>() == "open");
        await venue.SetFaultsAsync(new { latency_ms = 5_000 });

        var placing = alice.PlaceAsync("alice");
        await alice.UntilAsync("orders", o => o["orders"]!.AsArray().Count == 2); // It is admitted, and on its way.
        var ended = service.TerminateAsync();

        Assert.Equal(HttpStatusCode.Created, (await placing).Status);
        Assert.Equal(0, await ended);
    }

    [Fact]
    public async Task Panic_WithAnEmptyBody_StopsTheOwnBook_AndSurvivesARestart()
    {
        using var data = new TempFolder();
        var key = await ServiceClient.MakeKeyAsync(data.Path, "trader", "alice");
        string stopId;
        await using (var service = await ServiceProcess.StartSiloAsync(data.Path))
        {
            using var alice = ServiceClient.Of(service, key);
            Assert.Equal(HttpStatusCode.Created, (await alice.PlaceAsync("alice")).Status);
            var (status, result) = await alice.PostAsync("emergency-stop/panic");
            Assert.Equal((HttpStatusCode.OK, "completed"), (status, result["state"]!.GetValue<string>()));
            Assert.Equal(1, result["orders_cancelled"]!.GetValue<int>());
            stopId = result["stop_id"]!.GetValue<string>();
            await service.KillAsync();
        }

        await using var again = await ServiceProcess.StartSiloAsync(data.Path);
        using var later = ServiceClient.Of(again, key);
        var (refused, problem) = await later.PlaceAsync("alice");
        Assert.Equal(((HttpStatusCode)423, "gate_closed"), (refused, problem["code"]!.GetValue<string>()));
        Assert.Equal(stopId, problem["stop_id"]!.GetValue<string>());

        var (released, _) = await later.PostAsync($"emergency-stop/stops/{stopId}/release", new { reason = "drill over" });
        Assert.Equal(HttpStatusCode.OK, released);
        Assert.Equal(((HttpStatusCode)423, "strategy_paused"), await CodeAsync(later.PlaceAsync("alice")));
        Assert.Equal(HttpStatusCode.OK, (await later.PostAsync("strategies/s1/resume", new { reason = "checked" })).Status);
        Assert.Equal(HttpStatusCode.Created, (await later.PlaceAsync("alice")).Status);
    }

    [Fact]
    public async Task Demo_StartsTradingByItself()
    {
        using var data = new TempFolder();
        await using var service = await ServiceProcess.StartSiloAsync(data.Path, null, "--demo");
        var line = service.Output.Split('\n').First(l => l.Contains("risk officer", StringComparison.Ordinal));
        using var officer = ServiceClient.Of(service, line.Split(' ')[^1].Trim());
        await officer.UntilAsync("orders?status=open", o => o["orders"]?.AsArray().Count > 3);
    }

    private static async Task<(HttpStatusCode Status, string Code)> CodeAsync(Task<(HttpStatusCode Status, System.Text.Json.Nodes.JsonNode Body)> call)
    {
        var (status, body) = await call;
        return (status, body["code"]?.GetValue<string>() ?? body.ToJsonString());
    }
}
