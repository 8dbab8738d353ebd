using Npgsql;

namespace EmergencyStop.Ledger.Tests.PostgreSql;

/// <summary>A database of its own on the server that the tests of one run share.</summary>
public sealed class PostgreSqlDatabase : IAsyncDisposable
{
    private static int _made;
    private readonly PostgreSqlServer _server;
    private readonly string _name;

    private PostgreSqlDatabase(PostgreSqlServer server, string name) => (_server, _name) = (server, name);

    public string ConnectionString => _server.ConnectionString(_name);

    /// <summary>Makes one; skips the test where no server can be had, unless one is required.</summary>
    public static async Task<PostgreSqlDatabase> CreateAsync()
    {
        var server = await PostgreSqlServer.SharedAsync();
        var name = $"ledger_{Interlocked.Increment(ref _made)}";
        server.Execute("postgres", $"CREATE DATABASE {name}");
        return new(server, name);
    }

    /// <summary>Changes the rows behind the ledger's back.</summary>
    public int Execute(string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { SearchPath = "emergency_stop", Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteNonQuery();
    }

    public ValueTask DisposeAsync()
    {
        _server.Execute("postgres", $"DROP DATABASE {_name} WITH (FORCE)");
        return ValueTask.CompletedTask;
    }
}
