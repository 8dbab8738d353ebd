using System.Net.Http.Headers;
using System.Security.Cryptography;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Health;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>The whole service over a ledger file of its own, with the simulated venue; it can be ended and started again.</summary>
internal sealed partial class RealService : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("emergency-stop-");
    private WebApplication? _app;
    private int _keys;

    private RealService()
    {
    }

    public SqliteLedger Ledger { get; private set; } = null!; // Opened by StartAsync before anybody sees this.

    public IServiceProvider Services => _app!.Services; // Running.

    public static async Task<RealService> StartAsync()
    {
        var service = new RealService();
        await service.OpenAsync();
        return service;
    }

    /// <summary>Ends the process, as it were, and starts another over the same file.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public async Task<(HttpClient Client, string KeyId)> AddKeyAsync(Role role, string? user = null)
    {
        using var random = RandomNumberGenerator.Create();
        var (key, hash) = ApiKeyFactory.Make(random);
        var id = $"k-{++_keys}";
        await Ledger.AddKeyAsync(
            new(id, $"{role} key", role, user is null ? null : UserId.Parse(user), TimeProvider.System.GetUtcNow(), null), hash, CancellationToken.None);
        return (As(key), id);
    }

    public async Task<(HttpClient Client, string Secret)> AddSecretAsync(Role role, string? user = null)
    {
        var (client, _) = await AddKeyAsync(role, user);
        return (client, client.DefaultRequestHeaders.Authorization!.Parameter!); // As() has set it.
    }

    public HttpClient As(string key)
    {
        var client = new HttpClient { BaseAddress = new(_app!.Urls.Single()) }; // Running.
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Delete(recursive: true);
    }

    private async Task OpenAsync()
    {
        var settings = new SiloSettings(_folder.FullName, "http://127.0.0.1:0", null, Demo: false);
        Ledger = await SqliteLedger.OpenAsync(new SqliteLedgerOptions { Path = settings.LedgerFile }, TimeProvider.System);
        _app = SiloHost.Build(settings, Ledger);
        await _app.StartAsync();
        _app.Services.GetRequiredService<StartGate>().Open();
    }

    private async Task CloseAsync()
    {
        if (_app is { } app)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        await Ledger.DisposeAsync();
    }
}
