using Npgsql;

namespace EmergencyStop.Silo.Hosting;

/// <summary>The database in which Orleans keeps its cluster's table and its grains' state: a schema of its own beside the ledger's.</summary>
internal static class ClusterDatabase
{
    /// <summary>Orleans' name for the driver.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>The schema.</summary>
    public const string Schema = "orleans";

    /// <summary>Its connection string; <c>null</c> when no setting names one.</summary>
    public static string? Of(IConfiguration configuration) =>
        (configuration.GetConnectionString("Orleans") ?? configuration.GetConnectionString("Ledger")) is { Length: > 0 } text
            ? new NpgsqlConnectionStringBuilder(text) { SearchPath = Schema, ApplicationName = "emergency-stop-orleans" }.ConnectionString
            : null;

    /// <summary>Its connection string.</summary>
    public static string Required(IConfiguration configuration) =>
        Of(configuration) ?? throw new StartRefusedException("Nothing says which database the cluster is in: set ConnectionStrings:Orleans.");
}
