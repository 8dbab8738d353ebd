using Microsoft.AspNetCore.DataProtection;

namespace EmergencyStop.Silo.Hosting;

/// <summary>Keeps the keys that seal the console's cookies: in the data folder, so that a restart signs nobody out, or in the cluster's database, so that another gateway does not.</summary>
/// <remarks>Whoever reads them can make a session. In the folder they are its owner's alone; in the database they are sealed by the secret that all gateways share.</remarks>
internal static partial class SessionKeys
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Adds them.</summary>
    public static void AddSessionKeys(this WebApplicationBuilder builder, SiloSettings settings)
    {
        var protection = builder.Services.AddDataProtection().SetApplicationName("emergency-stop");
        if (IsShared(builder.Configuration))
        {
            Share(builder, protection);
            return;
        }

        protection.PersistKeysToFileSystem(OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(settings.SessionKeysFolder)
            : Directory.CreateDirectory(settings.SessionKeysFolder, OwnerOnly));
    }
}
