using Microsoft.AspNetCore.DataProtection;

namespace EmergencyStop.Silo.Hosting;

/// <summary>Keeps the keys that seal the console's cookies in the data folder, so that a restart signs nobody out.</summary>
/// <remarks>Whoever reads them can make a session; they are its owner's alone, as the folder's other secrets are.</remarks>
internal static class SessionKeys
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Adds them.</summary>
    public static IServiceCollection AddSessionKeys(this IServiceCollection services, SiloSettings settings)
    {
        var folder = OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(settings.SessionKeysFolder)
            : Directory.CreateDirectory(settings.SessionKeysFolder, OwnerOnly);
        services.AddDataProtection().SetApplicationName("emergency-stop").PersistKeysToFileSystem(folder);
        return services;
    }
}
