namespace EmergencyStop.Api.Tests.Hosting;

internal sealed partial class RealService
{
    /// <summary>Tests run beside each other: each silo listens on a port that the system chooses, and has no gateway.</summary>
    static RealService()
    {
        Environment.SetEnvironmentVariable("Cluster__SiloPort", "0");
        Environment.SetEnvironmentVariable("Cluster__GatewayPort", "0");
    }
}
