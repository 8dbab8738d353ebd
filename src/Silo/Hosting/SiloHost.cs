using EmergencyStop.Api;
using EmergencyStop.Api.Health;
using EmergencyStop.Api.Status;
using EmergencyStop.Grains;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.PostgreSql;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Silo.Demo;
using EmergencyStop.Silo.Runtime;
using EmergencyStop.Silo.Telemetry;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Simulated;
using EmergencyStop.Venues.Telemetry;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace EmergencyStop.Silo.Hosting;

/// <summary>The whole service in one process.</summary>
public static partial class SiloHost
{
    private const string RoleSetting = "Role";

    /// <summary>Puts the service together over an open ledger; the caller runs and disposes both.</summary>
    public static WebApplication Build(SiloSettings settings, ILedger ledger) => Build(settings, ledger, seen: null);

    private static WebApplication Build(SiloSettings settings, ILedger ledger, NumberSeen? seen, bool isBraking = false)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(FromCommandLine(settings));
        var role = RoleOf(builder.Configuration);
        builder.Configuration["Callbacks:SecretFile"] ??= settings.CallbackKeyFile;
        builder.WebHost.UseUrls(settings.Urls ?? builder.Configuration["urls"] ?? SiloSettings.DefaultUrls);
        builder.AddLogging();
        builder.AddTelemetry();

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(ledger);
        var spool = StopSpool.Open(settings.SpoolFile); // Opened now: a disk without room for it ends the start, not the first stop.
        builder.Services.AddSingleton(_ => spool);
        builder.Services.AddSingleton(_ => new LedgerMirror(settings.MirrorFile));
        if (seen is not null)
        {
            builder.Services.AddSingleton(seen).AddHostedService<NumberNotes>();
        }

        builder.Services.AddVenues(builder.Configuration);
        builder.Services.AddEmergencyStopGrains(builder.Configuration);
        builder.Services.AddVenueMeasures();
        builder.AddGrainHost(settings, role, isBraking);
        builder.Services.AddRuntimeFigures();
        if (role == ServiceRole.Gateway)
        {
            builder.Services.AddEmergencyStopGatewayReaders();
        }
        else
        {
            builder.Services.AddEmergencyStopReaders();
        }

        builder.Services.AddSingleton<IVenueStatusSource, VenueStatuses>();
        builder.Services.AddEmergencyStopApi(builder.Configuration);
        builder.AddSessionKeys(settings);
        builder.Services.AddSingleton(new ServiceHost(GrainHosting.Name));
        if (settings.Demo)
        {
            builder.Services.AddHostedService<DemoTraders>();
        }

        var app = builder.Build();
        if (role == ServiceRole.Silo)
        {
            app.MapEmergencyStopHealth(); // Whoever wants more asks a gateway.
        }
        else
        {
            app.MapEmergencyStopApi();
            app.MapGrainDashboard();
        }

        return app;
    }

    /// <summary>Starts, says so on standard output, and runs until it is told to end.</summary>
    public static async Task<int> RunAsync(SiloSettings settings, CancellationToken cancellationToken)
    {
        var configuration = ConfigurationOf(settings);
        RefuseToStart(settings, configuration);
        using var folder = DataFolder.Hold(settings.DataFolder);
        await using var ledger = await LedgerOpening.OpenAsync(settings, absent => Build(settings, absent, seen: null, isBraking: true), cancellationToken);
        using var seen = new NumberSeen(settings.NumberSeenFile);
        var which = new LedgerSeen(settings.LedgerSeenFile);
        var identity = (ledger as PostgreSqlLedger)?.Identity ?? LedgerSeen.File;
        var rollback = await seen.GuardAsync(ledger, which.IsAnother(identity), new RandomIds(TimeProvider.System), TimeProvider.System, cancellationToken);
        which.Write(identity);
        await GrainHosting.PrepareAsync(configuration, cancellationToken);
        await using var app = Build(settings, ledger, seen);
        if (rollback is { } stands)
        {
            LogRolledBack(app.Logger, stands.Stop.Id, stands.Stop.Number, stands.Seen);
        }

        await RestoreSimulatedPositionsAsync(app.Services, ledger, cancellationToken);
        await app.StartAsync(cancellationToken);
        app.Services.GetRequiredService<StartGate>().Open();

        await SayReadyAsync(app, settings, ledger, cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    /// <summary>Looks at the configuration before anything is opened or made.</summary>
    private static void RefuseToStart(SiloSettings settings, ConfigurationManager configuration)
    {
        if ((ListenCheck.WhyNot(configuration, settings.Urls ?? configuration["urls"] ?? SiloSettings.DefaultUrls)
            ?? GrainHosting.WhyNot(RoleOf(configuration), configuration)) is { } why)
        {
            throw new StartRefusedException(why);
        }
    }

    private static ConfigurationManager ConfigurationOf(SiloSettings settings)
    {
        var configuration = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }).Configuration;
        configuration.AddInMemoryCollection(FromCommandLine(settings));
        return configuration;
    }

    private static ServiceRole RoleOf(IConfiguration configuration) => configuration[RoleSetting] is not { } text ? ServiceRole.Service
        : Enum.TryParse<ServiceRole>(text, ignoreCase: true, out var role) && Enum.IsDefined(role) ? role
        : throw new StartRefusedException($"{RoleSetting} is {text}, which is none: set it to Service, Silo or Gateway.");

    private static async Task SayReadyAsync(WebApplication app, SiloSettings settings, StoredLedger ledger, CancellationToken cancellationToken)
    {
        var role = RoleOf(app.Configuration);
        Console.WriteLine(role == ServiceRole.Service ? $"host: {GrainHosting.Name}" : $"host: {GrainHosting.Name}, {role}");
        var urls = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var url = urls.FirstOrDefault() ?? SiloSettings.DefaultUrls;
        if (settings.Demo)
        {
            await DemoKeys.PrintAsync(ledger, url, cancellationToken);
        }
        else if (role != ServiceRole.Silo && (await ledger.KeysAsync(cancellationToken)).All(k => k.RevokedAt is not null))
        {
            Console.WriteLine("No API key yet. Make one, in another terminal:");
            Console.WriteLine($"  {ProgramName.Now} keys create --role risk_officer --name me --data {settings.DataFolder}");
        }

        Console.WriteLine($"ready on {url}");
    }

    /// <summary>The venue in process forgets with the process; what the ledger knows of positions is put back.</summary>
    private static async Task RestoreSimulatedPositionsAsync(IServiceProvider services, StoredLedger ledger, CancellationToken cancellationToken)
    {
        if (services.GetService<SimulatedMarket>() is not { } market)
        {
            return;
        }

        var positions = await ledger.PositionsAsync(null, null, null, cancellationToken);
        market.Seed(positions
            .GroupBy(p => (p.Account, p.Symbol))
            .Select(g => new VenuePosition(g.Key.Account, g.Key.Symbol, g.Sum(p => p.Quantity), market.Price(g.Key.Symbol), null))
            .Where(p => p.Quantity != 0));
    }

    private static Dictionary<string, string?> FromCommandLine(SiloSettings settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Venues:AccountsFile"] = settings.AccountsFile };
        if (settings.VenueUrl is { } venue)
        {
            values["Venues:Alpaca:BaseUrl"] = venue.ToString();
        }

        if (settings.Role is { } role)
        {
            values[RoleSetting] = role.ToString();
        }

        if (settings.AllowInsecureHttp)
        {
            values[$"{ListeningOptions.Section}:{nameof(ListeningOptions.AllowInsecureHttp)}"] = "true";
        }

        if (settings.Demo)
        {
            values["Venues:Simulated:WalkPercent"] = "0.05";
        }

        return values;
    }

    [LoggerMessage(EventIds.LedgerRolledBack, LogLevel.Critical, "Stop {StopId}: SYSTEM is latched, as the ledger is at number {Number} and {Seen} was seen: it was restored or has lost its end")]
    private static partial void LogRolledBack(ILogger log, StopId stopId, long number, long seen);
}
