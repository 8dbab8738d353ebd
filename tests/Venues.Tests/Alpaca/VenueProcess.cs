using System.Net.Http.Json;
using System.Text.Json;
using EmergencyStop.Venues.Accounts;
using EmergencyStop.Venues.Alpaca;
using EmergencyStop.Venues.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues.Tests.Alpaca;

/// <summary>The simulated venue on a loopback port of its own, and the adapter that talks to it over real HTTP.</summary>
public sealed class VenueProcess : IAsyncLifetime
{
    public static readonly AccountId Alice = AccountId.Parse("alice");
    public static readonly AccountId Bob = AccountId.Parse("bob");
    private readonly WebApplication _app = SimulatorHost.Build(["--urls", "http://127.0.0.1:0"]);
    private readonly List<IDisposable> _open = [];

    public Uri Url { get; private set; } = new("http://127.0.0.1");

    public HttpClient Http { get; private set; } = new();

    public SimulatedMarket Market => _app.Services.GetRequiredService<SimulatedMarket>();

    public SimulatedFaults Faults => _app.Services.GetRequiredService<SimulatedFaults>();

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        Url = new Uri(_app.Urls.First());
        Http = new HttpClient { BaseAddress = Url };
    }

    public async Task DisposeAsync()
    {
        foreach (var one in _open)
        {
            one.Dispose();
        }

        Http.Dispose();
        await _app.DisposeAsync();
    }

    public AlpacaVenue Open(Action<AlpacaOptions>? configure = null) => OpenAt(Url, configure);

    public AlpacaVenue OpenAt(Uri url, Action<AlpacaOptions>? configure = null)
    {
        var options = new AlpacaOptions { BaseUrl = url, RetryDelay = TimeSpan.FromMilliseconds(10) };
        configure?.Invoke(options);
        var accounts = new ConfiguredAccounts(Options.Create(new AccountsOptions()));
        var venue = new AlpacaVenue(Options.Create(options), accounts, TimeProvider.System, NullLogger<AlpacaVenue>.Instance);
        _open.Add(venue);
        return venue;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, string? key = "alice")
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Add("APCA-API-KEY-ID", key);
            request.Headers.Add("APCA-API-SECRET-KEY", "anything");
        }

        request.Content = body is null ? null : JsonContent.Create(body);
        return await Http.SendAsync(request);
    }

    public async Task<JsonElement> JsonAsync(HttpMethod method, string path, object? body = null, string? key = "alice")
    {
        using var response = await SendAsync(method, path, body, key);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
