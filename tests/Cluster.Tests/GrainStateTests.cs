using EmergencyStop.Ledger.Tests.PostgreSql;
using EmergencyStop.Silo.Hosting;
using Npgsql;

namespace EmergencyStop.Cluster.Tests;

/// <summary>Orleans' tables as the service makes them, and the statements in them that Orleans runs.</summary>
public sealed class GrainStateTests
{
    [SkippableFact]
    public async Task Tables_AreMadeOnce_WhoeverComesFirst()
    {
        await using var database = await PostgreSqlDatabase.CreateAsync();
        var place = Place(database);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ClusterSchema.CreateAsync(place, CancellationToken.None)));
        Assert.Equal(13L, await AskAsync(place, "SELECT count(*) FROM OrleansQuery"));
    }

    [SkippableFact]
    public async Task OfTwoFirstWritesThatOverlap_OneFails()
    {
        await using var database = await PostgreSqlDatabase.CreateAsync();
        var place = Place(database);
        await ClusterSchema.CreateAsync(place, CancellationToken.None);
        await using var one = new NpgsqlConnection(place);
        await using var other = new NpgsqlConnection(place);
        await one.OpenAsync();
        await other.OpenAsync();
        await using var held = await one.BeginTransactionAsync();
        Assert.Equal([1], await WriteAsync(one, null)); // Not committed yet.
        var second = WriteAsync(other, null);
        await held.CommitAsync();
        Assert.Empty(await second); // Which Orleans takes for a conflict.
        Assert.Equal([2], await WriteAsync(other, 1));
        Assert.Empty(await WriteAsync(one, 1)); // A zombie's version.
    }

    [SkippableFact]
    public async Task OfTwoSilosThatSawOneTable_OneEnters_AndTheOtherLooksAgain()
    {
        await using var database = await PostgreSqlDatabase.CreateAsync();
        var place = Place(database);
        await ClusterSchema.CreateAsync(place, CancellationToken.None);
        await using var connection = new NpgsqlConnection(place);
        await connection.OpenAsync();
        Assert.Equal(1, await RunAsync(connection, "InsertMembershipVersionKey", ("DeploymentId", "c")));
        Assert.Equal(0, await RunAsync(connection, "InsertMembershipVersionKey", ("DeploymentId", "c")));
        Assert.Equal(1, await EnterAsync(connection, port: 1, version: 0));
        Assert.Equal(0, await EnterAsync(connection, port: 2, version: 0));
        Assert.Equal(0, await EnterAsync(connection, port: 1, version: 1)); // It is there.
        Assert.Equal(1, await EnterAsync(connection, port: 2, version: 1));
        Assert.Equal(2L, await AskAsync(place, "SELECT max(Version)::bigint FROM OrleansMembershipVersionTable"));
    }

    private static string Place(PostgreSqlDatabase database) => new NpgsqlConnectionStringBuilder(database.ConnectionString) { SearchPath = ClusterDatabase.Schema, Pooling = false }.ConnectionString;

    private static async Task<object?> AskAsync(string place, string sql)
    {
        await using var connection = new NpgsqlConnection(place);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static Task<int> EnterAsync(NpgsqlConnection connection, int port, int version) => RunAsync(
        connection, "InsertMembershipKey", ("DeploymentId", "c"), ("Address", "127.0.0.1"), ("Port", port), ("Generation", 1), ("SiloName", "s"), ("HostName", "h"),
        ("Status", 3), ("ProxyPort", 0), ("StartTime", DateTime.UtcNow), ("IAmAliveTime", DateTime.UtcNow), ("Version", version));

    private static async Task<int> RunAsync(NpgsqlConnection connection, string key, params (string Name, object Value)[] values)
    {
        await using var command = await CommandAsync(connection, key, values);
        return (int)(await command.ExecuteScalarAsync())!; // A count.
    }

    private static async Task<List<int>> WriteAsync(NpgsqlConnection connection, int? version)
    {
        await using var command = await CommandAsync(
            connection, "WriteToStorageKey", ("GrainIdHash", 1), ("GrainIdN0", 0L), ("GrainIdN1", 0L), ("GrainTypeHash", 1), ("GrainTypeString", "t"),
            ("GrainIdExtensionString", "USER:alice"), ("ServiceId", "s"), ("GrainStateVersion", version ?? (object)DBNull.Value), ("PayloadBinary", new byte[] { 1 }));
        await using var rows = await command.ExecuteReaderAsync();
        var written = new List<int>();
        while (await rows.ReadAsync())
        {
            written.Add(rows.GetInt32(0));
        }

        return written;
    }

    private static async Task<NpgsqlCommand> CommandAsync(NpgsqlConnection connection, string key, params (string Name, object Value)[] values)
    {
        await using var find = new NpgsqlCommand("SELECT QueryText FROM OrleansQuery WHERE QueryKey = $1", connection) { Parameters = { new() { Value = key } } };
        var command = new NpgsqlCommand((string)(await find.ExecuteScalarAsync())!, connection); // The tables were made with it.
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
