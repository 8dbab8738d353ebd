using System.Reflection;
using Npgsql;

namespace EmergencyStop.Silo.Hosting;

/// <summary>Makes Orleans' tables, by whichever process comes first.</summary>
internal static class ClusterSchema
{
    private const string Script = "orleans-postgresql.sql";

    /// <summary>Any number will do, as long as nothing else in the database locks it.</summary>
    private const long Lock = 0x6573746F702D6F72;

    /// <summary>Makes what is missing.</summary>
    /// <exception cref="StartRefusedException">The database cannot be used; the message says what to do.</exception>
    public static async Task CreateAsync(string database, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(database);
            await connection.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await RunAsync(connection, $"SELECT pg_advisory_xact_lock({Lock})", cancellationToken);
            await RunAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {ClusterDatabase.Schema}", cancellationToken);
            await RunAsync(connection, await TextAsync(cancellationToken), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            var place = new NpgsqlConnectionStringBuilder(database);
            throw new StartRefusedException(
                $"The cluster's database {place.Database} on {place.Host} cannot be used ({(e as PostgresException)?.MessageText ?? "no answer"}): check ConnectionStrings:Orleans, and that its user may create the schema {ClusterDatabase.Schema}.");
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<string> TextAsync(CancellationToken cancellationToken)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Script)!; // It is one of its own.
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
