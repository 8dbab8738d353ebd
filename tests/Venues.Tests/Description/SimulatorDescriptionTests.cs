using System.Net.Http.Json;
using System.Text.Json;
using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Tests.Alpaca;

namespace EmergencyStop.Venues.Tests.Description;

/// <summary>The simulator's answers, held against the broker's own description.</summary>
public sealed class SimulatorDescriptionTests(VenueProcess process) : IClassFixture<VenueProcess>
{
    private const string Missing = "shared/alpaca/trading-openapi.yaml is not beside the checkout.";
    private readonly AlpacaDescription? _description = AlpacaDescription.Find();

    public static TheoryData<string, string> Orders => new()
    {
        { "market", """{"symbol":"AAPL","qty":"1.5","side":"buy","type":"market","time_in_force":"day"}""" },
        { "limit", """{"symbol":"BTC/USD","qty":"1","side":"buy","type":"limit","time_in_force":"gtc","limit_price":"90"}""" },
        { "stop", """{"symbol":"AAPL","qty":"1","side":"sell","type":"stop","time_in_force":"gtc","stop_price":"90"}""" },
        { "stop_limit", """{"symbol":"AAPL","qty":"1","side":"sell","type":"stop_limit","time_in_force":"gtc","stop_price":"90","limit_price":"89"}""" },
        { "trailing_stop", """{"symbol":"AAPL","qty":"1","side":"sell","type":"trailing_stop","time_in_force":"gtc","trail_percent":"5"}""" },
        { "ioc", """{"symbol":"AAPL","qty":"1","side":"buy","type":"limit","time_in_force":"ioc","limit_price":"90"}""" },
    };

    [SkippableTheory]
    [MemberData(nameof(Orders))]
    public async Task Orders_AreAsDescribed(string kind, string body)
    {
        var account = $"described-{kind}";
        var placed = await CheckAsync(account, HttpMethod.Post, "/v2/orders", "/v2/orders", 200, body);
        var id = placed.GetProperty("id").GetString();
        await CheckAsync(account, HttpMethod.Get, $"/v2/orders/{id}", "/v2/orders/{order_id}", 200);
        await CheckAsync(account, HttpMethod.Get, "/v2/orders?status=all", "/v2/orders", 200);
        var byClientId = await CheckAsync(
            account, HttpMethod.Get, $"/v2/orders:by_client_order_id?client_order_id={placed.GetProperty("client_order_id").GetString()}", "/v2/orders/{order_id}", 200);
        Assert.Equal(id, byClientId.GetProperty("id").GetString());
    }

    [SkippableFact]
    public async Task ReplacingAndCancelling_AreAsDescribed()
    {
        const string Account = "described-cancels";
        var first = await CheckAsync(Account, HttpMethod.Post, "/v2/orders", "/v2/orders", 200, Limit);
        var second = await CheckAsync(
            Account, HttpMethod.Patch, $"/v2/orders/{first.GetProperty("id").GetString()}", "/v2/orders/{order_id}", 200, """{"qty":"2"}""");
        await CheckAsync(Account, HttpMethod.Get, $"/v2/orders/{first.GetProperty("id").GetString()}", "/v2/orders/{order_id}", 200);
        await CheckAsync(Account, HttpMethod.Delete, $"/v2/orders/{second.GetProperty("id").GetString()}", "/v2/orders/{order_id}", 204);
        await CheckAsync(Account, HttpMethod.Delete, $"/v2/orders/{second.GetProperty("id").GetString()}", "/v2/orders/{order_id}", 422);
        await CheckAsync(Account, HttpMethod.Post, "/v2/orders", "/v2/orders", 200, Limit);
        var all = await CheckAsync(Account, HttpMethod.Delete, "/v2/orders", "/v2/orders", 207);
        Assert.Equal(1, all.GetArrayLength());
        await CheckAsync(Account, HttpMethod.Get, "/v2/orders?status=closed", "/v2/orders", 200);
    }

    [SkippableFact]
    public async Task AccountPositionsAndClock_AreAsDescribed()
    {
        const string Account = "described-positions";
        foreach (var (symbol, side) in new[] { ("AAPL", "buy"), ("BTC/USD", "sell") })
        {
            await CheckAsync(
                Account, HttpMethod.Post, "/v2/orders", "/v2/orders", 200, $$"""{"symbol":"{{symbol}}","qty":"3","side":"{{side}}","type":"market","time_in_force":"gtc"}""");
        }

        await CheckAsync(Account, HttpMethod.Get, "/v2/account", "/v2/account", 200);
        await CheckAsync(Account, HttpMethod.Get, "/v2/clock", "/v2/clock", 200);
        await CheckAsync(Account, HttpMethod.Get, "/v2/positions", "/v2/positions", 200);
        await CheckAsync(Account, HttpMethod.Get, "/v2/positions/BTCUSD", "/v2/positions/{symbol_or_asset_id}", 200);
        await CheckAsync(Account, HttpMethod.Delete, "/v2/positions/AAPL?qty=1", "/v2/positions/{symbol_or_asset_id}", 200);
        await CheckAsync(Account, HttpMethod.Delete, "/v2/positions", "/v2/positions", 207);
    }

    /// <summary>The adapter has a place for every word of the description.</summary>
    [SkippableFact]
    public void Words_AreAllKnown()
    {
        Skip.If(_description is null, Missing);
        Assert.All(_description.Words("OrderStatus"), status => Assert.True(AlpacaNames.IsKnownStatus(status), status));
        Assert.All(_description.Words("OrderType"), type => Assert.NotNull(WireWords.ReadType(type)));
        Assert.All(_description.Words("OrderSide"), side => Assert.NotNull(WireWords.ReadSide(side)));
        Assert.Equal(["cls", "opg"], _description.Words("TimeInForce").Where(force => WireWords.ReadForce(force) is null).Order(StringComparer.Ordinal));
    }

    /// <summary>The checker itself: an answer that is wrong in each way is found out.</summary>
    [SkippableTheory]
    [InlineData("""{"id":1,"status":"ACTIVE"}""", "$.id is Number")]
    [InlineData("""{"status":"ACTIVE"}""", "$.id is missing")]
    [InlineData("""{"id":"x","status":"ACTIVE"}""", "no uuid")]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000000","status":"FINE"}""", "none of its words")]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000000","status":"ACTIVE","extra":1}""", "not in the description")]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000000","status":"ACTIVE","cash":null}""", "$.cash is null")]
    public void Checker_FindsWhatIsWrong(string json, string difference)
    {
        Skip.If(_description is null, Missing);
        using var answer = JsonDocument.Parse(json);

        Assert.Contains(difference, Assert.Single(_description.Differences("/v2/account", "get", 200, answer.RootElement)), StringComparison.Ordinal);
    }

    private const string Limit = """{"symbol":"AAPL","qty":"1","side":"buy","type":"limit","time_in_force":"gtc","limit_price":"90"}""";

    private async Task<JsonElement> CheckAsync(
        string account, HttpMethod method, string path, string described, int status, string? body = null)
    {
        Skip.If(_description is null, Missing);
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("APCA-API-KEY-ID", account);
        request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await process.Http.SendAsync(request);
        var verb = method.Method.ToLowerInvariant();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(response.StatusCode.ToString("D"), _description.Statuses(described, verb));
        if (status is 204 or 422)
        {
            return default;
        }

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Empty(_description.Differences(described, verb, status, answer));
        return answer;
    }
}
