using EmergencyStop.Api.Console;
using EmergencyStop.Grains;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Stopping;
using Orleans.Solo;
using Orleans.Storage;

namespace EmergencyStop.Silo.Hosting;

/// <summary>The Solo host: the grains run in this process, on <c>src/SoloSilo</c>.</summary>
internal static class GrainHosting
{
    /// <summary>How the start-up line and <c>/status</c> name the host.</summary>
    public const string Name = "Solo";

    /// <summary>A Solo host is one process, and no other may take its orders for lost.</summary>
    public const bool IsAlone = true;

    /// <summary>Why this host cannot do what the settings ask for, in a sentence; <c>null</c> when it can.</summary>
    public static string? WhyNot(ServiceRole role, IConfiguration configuration) =>
        role != ServiceRole.Service ? $"Role is {role}, and this program hosts grains on Solo, which is one process: leave Role at Service, or build with GrainHost=Orleans for a cluster."
        : ClusterOptions.Of(configuration).Membership != ClusterMembership.Localhost ? "Cluster:Membership is AdoNet, and this program hosts grains on Solo, which is one process: build with GrainHost=Orleans for a cluster."
        : null;

    /// <summary>Nothing of its own has to be there before the start.</summary>
    public static Task PrepareAsync(IConfiguration configuration, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Adds the silo and its grain storage.</summary>
    public static void AddGrainHost(this WebApplicationBuilder builder, SiloSettings settings, ServiceRole role, bool isBraking)
    {
        builder.Services.AddSoloSilo(options =>
        {
            options.GrainAssemblies.Add(typeof(IEmergencyStopSystem).Assembly);
            options.GrainAssemblies.Add(typeof(EmergencyStopSystem).Assembly);
        });
        var states = new SqliteGrainStorage(settings.GrainStateFile); // Opened now: a bad file ends the start, not the first stop.
        builder.Services.AddGrainStorage("grains", _ => states);
    }

    /// <summary>Maps the page of the grains at work.</summary>
    public static void MapGrainDashboard(this WebApplication app) => app.MapGrainPage();
}
