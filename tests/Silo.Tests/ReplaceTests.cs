using System.Net;

namespace EmergencyStop.Silo.Tests;

/// <summary>Replacing orders over the API at a venue of its own process, which tells nothing unasked.</summary>
public sealed class ReplaceTests
{
    [Fact]
    public async Task Patch_ReplacesOnce_AndSaysWhyNot()
    {
        using var data = new TempFolder();
        await using var venue = await Simulator.StartAsync();
        await using var service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
        using var engine = ServiceClient.Of(service, await ServiceClient.MakeKeyAsync(data.Path, "engine"));
        using var bob = ServiceClient.Of(service, await ServiceClient.MakeKeyAsync(data.Path, "trader", "bob"));
        using var officer = ServiceClient.Of(service, await ServiceClient.MakeKeyAsync(data.Path, "risk_officer"));
        var old = (await engine.PlaceAsync("alice")).Body["order_id"]!.GetValue<string>();

        var (status, next) = await PatchAsync(engine, old, new { limit_price = "51" }, "key-1");
        Assert.Equal((HttpStatusCode.Created, "open", old), (status, (string?)next["status"], (string?)next["replaces"]));
        var again = await PatchAsync(engine, old, new { limit_price = "51" }, "key-1");
        Assert.Equal((string?)next["order_id"], (string?)again.Body["order_id"]);
        Assert.Equal("replaced", (string?)(await engine.GetAsync($"orders/{old}")).Body["status"]);
        Assert.Equal("51", (string?)Assert.Single(await venue.OpenOrdersAsync("alice"))["limit_price"]);

        Assert.Equal("not_replaceable", await CodeAsync(engine, old, new { limit_price = 52 }, HttpStatusCode.Conflict));
        Assert.Equal("not_found", await CodeAsync(engine, "o-nobody", new { limit_price = 52 }, HttpStatusCode.NotFound));
        Assert.Equal("validation_failed", await CodeAsync(engine, (string)next["order_id"]!, new { symbol = "MSFT" }, HttpStatusCode.BadRequest));
        Assert.Equal("not_found", await CodeAsync(bob, (string)next["order_id"]!, new { limit_price = 52 }, HttpStatusCode.NotFound));
        await officer.PostAsync("emergency-stop/execute", new { scope = "USER", target = "USER:alice", reason = "test", cancel_orders = false });
        Assert.Equal("gate_closed", await CodeAsync(engine, (string)next["order_id"]!, new { limit_price = 52 }, HttpStatusCode.Locked));
    }

    /// <summary>F1: the venue has replaced the order and its answer is lost. Neither row is dropped until it shows what became of them.</summary>
    [Fact]
    public async Task F1_Stop_OverAReplacementOfUnclearFate_EndsBoth()
    {
        using var data = new TempFolder();
        await using var venue = await Simulator.StartAsync();
        await using var service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
        using var engine = ServiceClient.Of(service, await ServiceClient.MakeKeyAsync(data.Path, "engine"));
        using var officer = ServiceClient.Of(service, await ServiceClient.MakeKeyAsync(data.Path, "risk_officer"));
        var old = (await engine.PlaceAsync("alice")).Body["order_id"]!.GetValue<string>();
        await venue.SetFaultsAsync(new { lose_answers = 1 });

        var (_, next) = await PatchAsync(engine, old, new { quantity = 2 }, "key-1");
        Assert.Equal("unknown", (string?)next["status"]);
        Assert.Equal("open", (string?)(await engine.GetAsync($"orders/{old}")).Body["status"]);
        var stop = (await officer.PostAsync("emergency-stop/execute", new { scope = "USER", target = "USER:alice", reason = "test", wait_ms = 0 })).Body;
        await venue.SetFaultsAsync(new { lose_answers = 0 });

        var done = await officer.UntilAsync($"emergency-stop/stops/{stop["stop_id"]}", s => (string?)s["state"] == "completed");
        Assert.Empty(await venue.OpenOrdersAsync("alice"));
        Assert.Equal("replaced", (string?)(await engine.GetAsync($"orders/{old}")).Body["status"]);
        Assert.Equal("cancelled", (string?)(await engine.GetAsync($"orders/{next["order_id"]}")).Body["status"]);
        Assert.Equal(2, done["outcomes"]!.AsArray().Count(o => (string?)o!["kind"] == "order"));
    }

    private static Task<(HttpStatusCode Status, System.Text.Json.Nodes.JsonNode Body)> PatchAsync(ServiceClient client, string order, object body, string? key = null) =>
        client.SendAsync(HttpMethod.Patch, $"orders/{order}", body, key);

    private static async Task<string?> CodeAsync(ServiceClient client, string order, object body, HttpStatusCode status)
    {
        var answer = await PatchAsync(client, order, body);
        Assert.Equal(status, answer.Status);
        return (string?)answer.Body["code"];
    }
}
