namespace EmergencyStop.Silo.Hosting;

/// <summary>One process has its sessions to itself.</summary>
internal static partial class SessionKeys
{
    private static bool IsShared(IConfiguration configuration) => false;

    private static void Share(WebApplicationBuilder builder, Microsoft.AspNetCore.DataProtection.IDataProtectionBuilder protection)
    {
        // Never asked for.
    }
}
