using System.Diagnostics;

namespace EmergencyStop.Silo.Tests;

public sealed partial class ServiceProcess
{
    /// <summary>Tests run beside each other: each silo listens on a port that the system chooses, and has no gateway.</summary>
    static partial void ChoosePorts(ProcessStartInfo info)
    {
        info.Environment["Cluster__SiloPort"] = "0";
        info.Environment["Cluster__GatewayPort"] = "0";
    }
}
