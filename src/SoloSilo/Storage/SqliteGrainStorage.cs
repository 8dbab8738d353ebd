using System.Globalization;
using Microsoft.Data.Sqlite;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Solo;

/// <summary>Keeps states as JSON in one SQLite file with a write-ahead log.</summary>
/// <remarks>
/// A write is acknowledged when it is on disk. Writes that arrive while one commits form the next commit. The etag is
/// the record's version; the compare-and-set is one SQL statement. A cleared record keeps its row, so that no etag
/// comes twice. A read holds up the turn it is made in for one look-up by key.
/// </remarks>
public sealed class SqliteGrainStorage : IGrainStorage, IAsyncDisposable, IDisposable
{
    private const string Schema =
        """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS grain_state (
          grain_id TEXT NOT NULL,
          state_name TEXT NOT NULL,
          version INTEGER NOT NULL,
          json TEXT,
          written_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
          PRIMARY KEY (grain_id, state_name)
        ) WITHOUT ROWID;
        """;

    private readonly string _connectionString;
    private readonly SqliteWriter _writer;

    /// <summary>Opens the file.</summary>
    /// <param name="path">The file; it is made if it is not there.</param>
    public SqliteGrainStorage(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString;
        using (var connection = new SqliteConnection(_connectionString))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Schema;
            command.ExecuteNonQuery();
        }

        _writer = new SqliteWriter(_connectionString);
    }

    /// <inheritdoc />
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version, json FROM grain_state WHERE grain_id = $grain AND state_name = $name";
        command.Parameters.AddWithValue("$grain", grainId.ToString());
        command.Parameters.AddWithValue("$name", stateName);
        using var reader = command.ExecuteReader();
        var found = reader.Read();
        var json = found && !reader.IsDBNull(1) ? reader.GetString(1) : null;
        grainState.ETag = found ? Etag(reader.GetInt64(0)) : null;
        grainState.State = json is null ? Activator.CreateInstance<T>() : Solo.StateJson.Read<T>(System.Text.Encoding.UTF8.GetBytes(json));
        grainState.RecordExists = json is not null;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var json = System.Text.Encoding.UTF8.GetString(Solo.StateJson.Write(grainState.State));
        grainState.ETag = await ReplaceAsync(stateName, grainId, grainState.ETag, json);
        grainState.RecordExists = true;
    }

    /// <inheritdoc />
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        grainState.ETag = await ReplaceAsync(stateName, grainId, grainState.ETag, json: null);
        grainState.State = Activator.CreateInstance<T>();
        grainState.RecordExists = false;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <inheritdoc />
    public void Dispose() => _writer.Dispose();

    private static string Etag(long version) => version.ToString(CultureInfo.InvariantCulture);

    private async Task<string> ReplaceAsync(string stateName, GrainId grainId, string? expected, string? json)
    {
        var outcome = await _writer.ReplaceAsync(grainId.ToString(), stateName, expected, json);
        return outcome.Replaced
            ? Etag(outcome.Version!.Value) // a replaced record has one
            : throw new InconsistentStateException(
                $"State '{stateName}' of grain {grainId} was written by another.", outcome.Version is { } stored ? Etag(stored) : null, expected);
    }
}
