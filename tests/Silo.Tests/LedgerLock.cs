using Microsoft.Data.Sqlite;

namespace EmergencyStop.Silo.Tests;

/// <summary>Another process, as it were, that holds the ledger locked: commits stall, and fail after a while, until it lets go.</summary>
public sealed class LedgerLock : IDisposable
{
    private readonly SqliteConnection _connection;

    public LedgerLock(string data)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(data, "ledger.db")};Pooling=False");
        _connection.Open();
        Run("PRAGMA busy_timeout = 30000");
        Run("BEGIN IMMEDIATE");
    }

    public void Dispose()
    {
        Run("ROLLBACK");
        _connection.Dispose();
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
