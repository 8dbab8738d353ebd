namespace EmergencyStop.Silo.Hosting;

/// <summary>The Orleans host: a silo of its own on this machine; the ledger stays the truth.</summary>
internal static class GrainHosting
{
    /// <summary>How the start-up line and <c>/status</c> name the host.</summary>
    public const string Name = "Orleans";

    /// <summary>Adds the silo. Grain state is a cache of the ledger and may live in memory.</summary>
    public static void AddGrainHost(this WebApplicationBuilder builder, SiloSettings settings)
    {
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(
                builder.Configuration.GetValue("Orleans:SiloPort", 11111), builder.Configuration.GetValue("Orleans:GatewayPort", 30000));
            silo.AddMemoryGrainStorage("grains");
        });
    }
}
