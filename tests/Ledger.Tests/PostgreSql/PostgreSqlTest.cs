using EmergencyStop.Ledger.PostgreSql;
using EmergencyStop.Ledger.Tests.Contract;
using Npgsql;

namespace EmergencyStop.Ledger.Tests.PostgreSql;

/// <summary>A test of what only the PostgreSQL ledger has, on a database or a server of its own.</summary>
public abstract class PostgreSqlTest : IAsyncLifetime
{
    private readonly List<PostgreSqlLedger> _opened = [];
    private readonly List<IDisposable> _held = [];
    private PostgreSqlDatabase? _database;

    protected static CancellationToken None => CancellationToken.None;

    /// <summary>The words that tests speak in.</summary>
    private protected LedgerFile Words { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var ledger in _opened)
        {
            await ledger.DisposeAsync();
        }

        _held.ForEach(h => h.Dispose());
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        await Words.DisposeAsync();
    }

    /// <summary>The database of this test on the server that all share.</summary>
    private protected async Task<string> DatabaseAsync() => (_database ??= await PostgreSqlDatabase.CreateAsync()).ConnectionString;

    /// <summary>A server of this test's own, to be killed.</summary>
    private protected PostgreSqlServer OwnServer()
    {
        var server = PostgreSqlServer.StartOwn();
        _held.Add(server);
        return server;
    }

    private protected async Task<PostgreSqlLedger> OpenAsync(string connectionString, bool alone = false, Action<PostgreSqlLedgerOptions>? configure = null)
    {
        var options = new PostgreSqlLedgerOptions // A busy machine is neither a lost server nor a frozen process.
        {
            AloneTimeout = TimeSpan.FromSeconds(2), BatchBudget = TimeSpan.FromSeconds(1), ConnectTimeout = TimeSpan.FromSeconds(15), IdleTimeout = TimeSpan.FromSeconds(30),
        };
        configure?.Invoke(options);
        var ledger = await PostgreSqlLedger.OpenAsync(connectionString, options, alone, Words.Time);
        _opened.Add(ledger);
        return ledger;
    }

    /// <summary>A connection as the ledger's own processes have one.</summary>
    private protected PostgreSqlSession Session(string connectionString, ConnectionUse use = ConnectionUse.Admit)
    {
        var session = new PostgreSqlConnections(connectionString, new()).Open(use);
        _held.Add(session);
        return session;
    }

    /// <summary>Asks until it is so, at most a minute.</summary>
    private protected static async Task UntilAsync(string connectionString, string question)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(question, connection);
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await command.ExecuteScalarAsync(bound.Token) is not true)
        {
            await Task.Yield();
        }
    }

    /// <summary>Whether somebody waits for the gate lock.</summary>
    private protected const string SomebodyWaits = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 18771 AND objid = 1 AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";
}
