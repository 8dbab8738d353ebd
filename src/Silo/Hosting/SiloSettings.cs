namespace EmergencyStop.Silo.Hosting;

/// <summary>What the command line decides about one run of the service.</summary>
/// <param name="DataFolder">Where ledger and grain state live; made if it is missing.</param>
/// <param name="Urls">Where to listen, separated by semicolons; <c>null</c> for <see cref="DefaultUrls"/> or the configuration's.</param>
/// <param name="VenueUrl">Base URL of a venue that speaks Alpaca's API; <c>null</c> for the simulated venue in this process.</param>
/// <param name="Demo">Whether to start with demo users, throw-away keys and a stream of orders.</param>
/// <param name="WaitForLedger">Whether to serve stops, and nothing else, while the ledger cannot be opened; otherwise the start is refused.</param>
/// <param name="AllowInsecureHttp">Whether plain HTTP may be served to other machines.</param>
/// <param name="Role">What this process does; <c>null</c> for the configuration's, or <see cref="ServiceRole.Service"/>.</param>
public sealed record SiloSettings(
    string DataFolder, string? Urls, Uri? VenueUrl, bool Demo, bool WaitForLedger = false, bool AllowInsecureHttp = false, ServiceRole? Role = null)
{
    /// <summary>Loopback only: nobody else's machine may press the button unless told so.</summary>
    public const string DefaultUrls = "http://127.0.0.1:5080";

    /// <summary>The data folder unless told.</summary>
    public const string DefaultDataFolder = "./data";

    /// <summary>The name of the grain state's file.</summary>
    internal const string GrainStateName = "grains.db";

    /// <summary>The ledger's file.</summary>
    public string LedgerFile => Path.Combine(DataFolder, "ledger.db");

    /// <summary>The highest number of the ledger that was seen.</summary>
    public string NumberSeenFile => Path.Combine(DataFolder, "ledger.seen");

    /// <summary>Which ledger was seen.</summary>
    public string LedgerSeenFile => Path.Combine(DataFolder, "ledger.identity");

    /// <summary>The secret that strategies' notices are signed with.</summary>
    public string CallbackKeyFile => Path.Combine(DataFolder, "callbacks.key");

    /// <summary>The keys that seal the cookies of the console.</summary>
    public string SessionKeysFolder => Path.Combine(DataFolder, "session-keys");

    /// <summary>Stops that could not be recorded.</summary>
    public string SpoolFile => Path.Combine(DataFolder, "stops.spool");

    /// <summary>Key hashes, owners and users, for stops while the ledger cannot be read.</summary>
    public string MirrorFile => Path.Combine(DataFolder, "ledger.mirror");

    /// <summary>The accounts that the command line has added.</summary>
    public string AccountsFile => Path.Combine(DataFolder, Venues.Accounts.AccountsFile.Name);

    /// <summary>The grain state's file (Solo host).</summary>
    public string GrainStateFile => Path.Combine(DataFolder, GrainStateName);
}
