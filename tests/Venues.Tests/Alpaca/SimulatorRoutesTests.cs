using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace EmergencyStop.Venues.Tests.Alpaca;

/// <summary>What the process adds to the broker's API: faults, prices, the venue's own truth.</summary>
public sealed class SimulatorRoutesTests(VenueProcess process) : IClassFixture<VenueProcess>, IDisposable
{
    public void Dispose() => process.Faults.Change(_ => FaultSettings.None);

    [Fact]
    public async Task Faults_PartialPut_ChangesOnlyWhatItNames()
    {
        await process.JsonAsync(HttpMethod.Put, "/simulator/faults", new { latency_ms = 5, lose_answers = 0.5 }, key: null);
        await process.JsonAsync(HttpMethod.Put, "/simulator/faults", new { lose_answers = 0, rate_limit_per_second = 7 }, key: null);

        var shown = await process.JsonAsync(HttpMethod.Get, "/simulator/faults", key: null);

        Assert.Equal(
            """{"latency_ms":5,"latency_jitter_ms":0,"lose_answers":0,"reject":0,"rate_limit_per_second":7,"late_ack_ms":0,"down":false,"down_accounts":[],"silent":false,"fill_on_cancel":0,"mass_cancel_leaves":"","only_account":""}""",
            shown.GetRawText());
    }

    [Theory]
    [InlineData("latency_ms", "-1")]
    [InlineData("latency_ms", "\"5\"")]
    [InlineData("latency_jitter_ms", "1e9")]
    [InlineData("lose_answers", "1.5")]
    [InlineData("reject", "null")]
    [InlineData("rate_limit_per_second", "2.5")]
    [InlineData("late_ack_ms", "-0.1")]
    [InlineData("down", "1")]
    [InlineData("lateny_ms", "5")]
    public async Task Faults_BadValue_IsRefusedByNameAndChangesNothing(string field, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/simulator/faults");
        request.Content = new StringContent($$"""{"down":false,"late_ack_ms":77,"{{field}}":{{value}}}""");
        using var response = await process.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.StartsWith($"{field}:", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(FaultSettings.None, process.Faults.Current);
    }

    [Fact]
    public async Task Down_AbortsTheVenueButNotItsControls()
    {
        await process.JsonAsync(HttpMethod.Put, "/simulator/faults", new { down = true }, key: null);

        await Assert.ThrowsAsync<HttpRequestException>(() => process.SendAsync(HttpMethod.Get, "/v2/account"));
        using var truth = await process.SendAsync(HttpMethod.Get, "/simulator/orders", key: null);
        Assert.Equal(HttpStatusCode.OK, truth.StatusCode);
    }

    [Fact]
    public async Task Orders_ShowTheTruthOverAllAccounts()
    {
        foreach (var (account, id) in new[] { ("truth-a", "t1"), ("truth-a", "t2"), ("truth-b", "t3") })
        {
            await process.JsonAsync(HttpMethod.Post, "/v2/orders", Limit(id), account);
        }

        var cancelled = process.Market.FindByClientId(AccountId.Parse("truth-a"), "t2")!.VenueOrderId;
        await process.SendAsync(HttpMethod.Delete, $"/v2/orders/{cancelled}", key: "truth-a");

        Assert.Equal([("truth-a", "t1"), ("truth-b", "t3")], await TruthAsync("open"));
        Assert.Equal([("truth-a", "t2")], await TruthAsync("closed"));
        Assert.Equal([("truth-a", "t1"), ("truth-a", "t2"), ("truth-b", "t3")], await TruthAsync("all"));
        using var wrong = await process.SendAsync(HttpMethod.Get, "/simulator/orders?status=resting", key: null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
    }

    [Fact]
    public async Task WithoutKey_NothingIsAnswered()
    {
        using var response = await process.SendAsync(HttpMethod.Get, "/v2/orders", key: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(40110000, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("""{"symbol":"AAPL","qty":"x"}""", 400)]
    [InlineData("""{"symbol":"AAPL","qty":"1","side":"buy","type":"market"}""", 422)]
    [InlineData("""{"symbol":"AAPL","qty":"1","side":"buy","type":"market","time_in_force":"cls"}""", 422)]
    [InlineData("""{"symbol":"AAPL","notional":"1","side":"buy","type":"market","time_in_force":"day"}""", 422)]
    [InlineData("""{"symbol":"AAPL","qty":"1","side":"hold","type":"market","time_in_force":"day"}""", 422)]
    [InlineData("""{"symbol":"AAPL","qty":"1","side":"buy","type":"limit","time_in_force":"day"}""", 422)]
    [InlineData("""{"qty":"1","side":"buy","type":"market","time_in_force":"day"}""", 422)]
    public async Task Orders_OfNonsense_AreRefusedInAlpacasShape(string body, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/orders") { Content = new StringContent(body) };
        request.Headers.Add("APCA-API-KEY-ID", "nonsense");
        using var response = await process.Http.SendAsync(request);

        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEmpty(json.GetProperty("message").GetString()!);
        Assert.Empty(process.Market.Orders(AccountId.Parse("nonsense")));
    }

    [Fact]
    public async Task List_IsPagedByTimeAndFiltered()
    {
        foreach (var n in Enumerable.Range(0, 6))
        {
            await process.JsonAsync(HttpMethod.Post, "/v2/orders", Limit($"l{n}", n % 2 == 0 ? "BTC/USD" : "AAPL"), "lister");
        }

        var first = await ListAsync("limit=2&direction=asc");
        var cursor = Uri.EscapeDataString(first[1].GetProperty("submitted_at").GetString()!);

        Assert.Equal(["l0", "l1"], first.Select(Id));
        Assert.Equal(["l2", "l3", "l4", "l5"], (await ListAsync($"direction=asc&after={cursor}")).Select(Id));
        Assert.Equal(["l0"], (await ListAsync($"until={cursor}")).Select(Id));
        Assert.Equal(["l5", "l4"], (await ListAsync("limit=2")).Select(Id));
        Assert.Equal(["l4", "l2", "l0"], (await ListAsync("symbols=BTCUSD")).Select(Id));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await process.SendAsync(HttpMethod.Get, "/v2/orders?limit=501", key: "lister")).StatusCode);
    }

    [Fact]
    public async Task ClosePosition_TradesItAway()
    {
        await process.JsonAsync(HttpMethod.Post, "/v2/orders", new { symbol = "BTC/USD", qty = "4", side = "buy", type = "market", time_in_force = "gtc" }, "closer");

        var half = await process.JsonAsync(HttpMethod.Delete, "/v2/positions/BTCUSD?percentage=50", key: "closer");
        Assert.Equal(("sell", "2", "filled"), (half.GetProperty("side").GetString(), half.GetProperty("qty").GetString(), half.GetProperty("status").GetString()));
        Assert.Equal("2", (await process.JsonAsync(HttpMethod.Get, "/v2/positions/BTC%2FUSD", key: "closer")).GetProperty("qty").GetString());

        using var too = await process.SendAsync(HttpMethod.Delete, "/v2/positions/BTCUSD?qty=3", key: "closer");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, too.StatusCode);
        using var all = await process.SendAsync(HttpMethod.Delete, "/v2/positions?cancel_orders=true", key: "closer");
        Assert.Equal(HttpStatusCode.MultiStatus, all.StatusCode);
        using var gone = await process.SendAsync(HttpMethod.Get, "/v2/positions/BTCUSD", key: "closer");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    /// <summary>As its user starts it: a process of its own that says when it is ready and ends when asked.</summary>
    [Fact]
    public async Task Process_SaysReadyAndEndsOnSigterm()
    {
        var program = typeof(EmergencyStop.Venues.Simulator.SimulatorHost).Assembly.Location;
        using var child = Process.Start(new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var line = await child.StandardOutput.ReadLineAsync(end.Token);
        Assert.StartsWith("ready on http://127.0.0.1:", line, StringComparison.Ordinal);
        using var http = new HttpClient();
        Assert.True((await http.GetAsync(new Uri($"{line!["ready on ".Length..]}/simulator/faults"))).IsSuccessStatusCode);

        using var kill = Process.Start("kill", ["-TERM", $"{child.Id}"]);
        await child.WaitForExitAsync(end.Token);
        Assert.Equal(0, child.ExitCode);
    }

    private static object Limit(string id, string symbol = "AAPL") =>
        new { symbol, qty = "1", side = "buy", type = "limit", time_in_force = "gtc", limit_price = "50", client_order_id = id };

    private static string? Id(JsonElement order) => order.GetProperty("client_order_id").GetString();

    private async Task<JsonElement[]> ListAsync(string query) =>
        [.. (await process.JsonAsync(HttpMethod.Get, $"/v2/orders?{query}", key: "lister")).EnumerateArray()];

    private async Task<(string?, string?)[]> TruthAsync(string status) =>
        [.. (await process.JsonAsync(HttpMethod.Get, $"/simulator/orders?status={status}", key: null)).EnumerateArray()
            .Where(order => order.GetProperty("account").GetString()!.StartsWith("truth-", StringComparison.Ordinal))
            .Select(order => (order.GetProperty("account").GetString(), Id(order)))];
}
