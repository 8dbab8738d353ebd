using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Simulated;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace EmergencyStop.Venues.Simulator;

/// <summary>The simulated venue as a process of its own.</summary>
public static class SimulatorHost
{
    private const string DefaultUrl = "http://127.0.0.1:6001";

    /// <summary>Builds the process; it listens on <c>--urls</c>, by default on 127.0.0.1:6001.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddSimulatedMarket(builder.Configuration.GetSection("Simulated"));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AlpacaJson.Default));
        builder.Services.AddSingleton<SimulatorCalls>();

        var app = builder.Build();
        app.MapSimulator();
        var venue = app.MapGroup(string.Empty).AddEndpointFilter<KeyFilter>();
        venue.MapAccount();
        venue.MapOrders();
        venue.MapOrderChanges();
        venue.MapPositions();
        venue.MapMarketData();
        app.MapFallback(static () => Answers.Error(StatusCodes.Status404NotFound, 40410000, "endpoint not found"));
        return app;
    }

    /// <summary>Says where it listens, once it does.</summary>
    public static void AnnounceWhenReady(WebApplication app, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses;
            output.WriteLine($"ready on {string.Join(", ", addresses ?? [])}");
            output.Flush();
        });
    }
}
