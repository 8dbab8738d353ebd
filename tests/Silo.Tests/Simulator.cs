using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace EmergencyStop.Silo.Tests;

/// <summary>The simulated venue as a process of its own, with its faults and its own truth.</summary>
public sealed class Simulator : IAsyncDisposable
{
    private readonly ServiceProcess _process;
    private readonly HttpClient _http;

    private Simulator(ServiceProcess process)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = process.Url };
    }

    public Uri Url => _process.Url;

    /// <summary>Starts it and lets it answer once: a new process takes its time over its first call, and an order has two seconds.</summary>
    public static async Task<Simulator> StartAsync()
    {
        var simulator = new Simulator(await ServiceProcess.StartSimulatorAsync());
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            using var request = new HttpRequestMessage(method, "/v2/orders") { Content = method == HttpMethod.Post ? JsonContent.Create(new { symbol = "NOTHING" }) : null };
            request.Headers.Add("APCA-API-KEY-ID", "warming-up");
            request.Headers.Add("APCA-API-SECRET-KEY", "none");
            (await simulator._http.SendAsync(request)).Dispose(); // What it says to that does not matter.
        }

        return simulator;
    }

    public async Task SetFaultsAsync(object faults) =>
        (await _http.PutAsJsonAsync("/simulator/faults", faults)).EnsureSuccessStatusCode();

    public async Task SetMarketAsync(object market) =>
        (await _http.PutAsJsonAsync("/simulator/market", market)).EnsureSuccessStatusCode();

    public async Task SetPriceAsync(string symbol, decimal price) =>
        (await _http.PutAsJsonAsync("/simulator/prices", new Dictionary<string, decimal>(StringComparer.Ordinal) { [symbol] = price })).EnsureSuccessStatusCode();

    /// <summary>An order that some other program places, with the account's own key.</summary>
    public async Task PlacePastAsync(string account, string clientOrderId, string symbol = "AAPL")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/orders")
        {
            Content = JsonContent.Create(new { symbol, qty = "1", side = "buy", type = "limit", time_in_force = "gtc", limit_price = "50", client_order_id = clientOrderId }),
        };
        request.Headers.Add("APCA-API-KEY-ID", account);
        request.Headers.Add("APCA-API-SECRET-KEY", "none");
        (await _http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    /// <summary>What the venue itself holds open, for one account or all.</summary>
    public async Task<JsonNode[]> OpenOrdersAsync(string? account = null)
    {
        var orders = await _http.GetFromJsonAsync<JsonNode[]>("/simulator/orders?status=open") ?? [];
        return [.. orders.Where(o => account is null || o["account"]!.GetValue<string>() == account)];
    }

    /// <summary>Every order that the venue has ever taken.</summary>
    public async Task<JsonNode[]> OrdersAsync() => await _http.GetFromJsonAsync<JsonNode[]>("/simulator/orders?status=all") ?? [];

    /// <summary>Every position that the venue holds.</summary>
    public async Task<JsonNode[]> PositionsAsync() => await _http.GetFromJsonAsync<JsonNode[]>("/simulator/positions") ?? [];

    /// <summary>An order that some other program places, past the service.</summary>
    public async Task PlaceAsync(string account, string symbol)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/orders")
        {
            Content = JsonContent.Create(new { symbol, qty = "1", side = "buy", type = "limit", limit_price = "50", time_in_force = "gtc" }),
        };
        request.Headers.Add("APCA-API-KEY-ID", account);
        request.Headers.Add("APCA-API-SECRET-KEY", "none");
        (await _http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    /// <summary>Waits, bounded, until something is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> enough)
    {
        for (var i = 0; i < 300; i++)
        {
            if (await enough())
            {
                return;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException("It is not so after 30 s.");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }
}
