using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Health;
using EmergencyStop.Api.Status;
using EmergencyStop.Braking;
using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Releasing;
using EmergencyStop.Risk;
using EmergencyStop.Runtime;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using EmergencyStop.Venues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>The API behind a real server on a loopback port of its own.</summary>
internal sealed class ApiHost : IAsyncDisposable, IVenueStatusSource
{
    public const string Base = "/api/trading-engine";

    private readonly WebApplication _app;
    private int _keys;

    private ApiHost(WebApplication app, MemoryLedger ledger, ScriptedSystem system, ScriptedGrains grains) =>
        (_app, Ledger, System, Grains) = (app, ledger, system, grains);

    public MemoryLedger Ledger { get; }

    public ScriptedSystem System { get; }

    public ScriptedGrains Grains { get; }

    public ScriptedBrake Brake => (ScriptedBrake)_app.Services.GetRequiredService<IStopBrake>();

    public ImmutableArray<VenueStatus> Venues { get; set; } = [new("simulated", "up", Rows.At, null)];

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Urls.Single());

    public static Task<ApiHost> StartAsync(bool open = true, params (string Key, string Value)[] settings) => StartAsync(_ => { }, open, settings);

    /// <summary>With parts that a test brings itself, before the API adds its own.</summary>
    public static async Task<ApiHost> StartAsync(Action<IServiceCollection> bring, bool open = true, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => $"Api:{s.Key}", s => (string?)s.Value));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var ledger = new MemoryLedger();
        var (system, grains) = (new ScriptedSystem(ledger), new ScriptedGrains(ledger));
        ApiHost? host = null;
        bring(builder.Services);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSingleton<ILedger>(ledger);
        builder.Services.AddSingleton<IEmergencyStopSystem>(system);
        builder.Services.AddSingleton<IStopDegrees>(new ScriptedDegrees());
        builder.Services.AddSingleton<IGrainFactory>(grains);
        builder.Services.AddSingleton<IStopBrake>(new ScriptedBrake());
        builder.Services.AddSingleton<IVenueStatusSource>(_ => host!); // Set before the first request.
        builder.Services.AddSingleton(new ServiceHost("solo"));
        builder.Services.AddSingleton<ICallbackRules>(new ScriptedCallbacks());
        builder.Services.AddSingleton<IRuntimeFigures, ScriptedFigures>();
        builder.Services.AddSingleton<IHeartbeats, ScriptedHeartbeats>();
        builder.Services.AddSingleton<IEventBus>(new ScriptedBus(system));
        builder.Services.AddSingleton<IBookAccounts, ScriptedAccounts>();
        builder.Services.AddEmergencyStopApi(builder.Configuration);
        var app = builder.Build();
        app.MapEmergencyStopApi();
        host = new(app, ledger, system, grains);
        await app.StartAsync();
        if (open)
        {
            app.Services.GetRequiredService<StartGate>().Open();
        }

        return host;
    }

    /// <summary>A client with a new key of this role.</summary>
    public HttpClient As(Role role, string? user = null) => AsKey(AddKey(role, user).Key);

    public HttpClient AsKey(string key)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public HttpClient Anonymous() => new() { BaseAddress = Address };

    public HttpClient Trader(string user = "alice") => As(Role.Trader, user);

    public (string Key, string Id) AddKey(Role role, string? user = null)
    {
        using var random = RandomNumberGenerator.Create();
        var (key, hash) = ApiKeyFactory.Make(random);
        var id = $"key-{Interlocked.Increment(ref _keys)}";
        Ledger.KeysByHash[hash] = new(id, $"{role} key", role, user is null ? null : UserId.Parse(user), Rows.At, null);
        return (key, id);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
}
