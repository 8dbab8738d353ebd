using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Silo.Hosting;

/// <summary>Gateways behind one balancer open each other's sessions.</summary>
internal static partial class SessionKeys
{
    private static bool IsShared(IConfiguration configuration) => ClusterOptions.Of(configuration).Membership == ClusterMembership.AdoNet;

    private static void Share(WebApplicationBuilder builder, IDataProtectionBuilder protection)
    {
        var database = ClusterDatabase.Required(builder.Configuration);
        builder.Services.AddSingleton<SessionKeySeal>();
        protection.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(keys =>
            (keys.XmlRepository, keys.XmlEncryptor) = (new SessionKeyTable(database), provider.GetRequiredService<SessionKeySeal>())));
    }
}
