using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Solo;

/// <summary>Keeps states in memory, for tests: written as JSON, so that no object is shared with the store.</summary>
public sealed class MemoryGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string StateName, GrainId GrainId), Record> _records = new();

    /// <inheritdoc />
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        _records.TryGetValue((stateName, grainId), out var record);
        grainState.State = record?.Json is { } json ? Solo.StateJson.Read<T>(json) : Activator.CreateInstance<T>();
        grainState.ETag = record?.Etag;
        grainState.RecordExists = record?.Json is not null;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        grainState.ETag = Replace(stateName, grainId, grainState.ETag, Solo.StateJson.Write(grainState.State));
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        grainState.ETag = Replace(stateName, grainId, grainState.ETag, json: null);
        grainState.State = Activator.CreateInstance<T>();
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    /// <summary>Sets a record if its etag is the expected one. A cleared record stays, so that no etag comes twice.</summary>
    private string Replace(string stateName, GrainId grainId, string? expected, byte[]? json)
    {
        var key = (stateName, grainId);
        _records.TryGetValue(key, out var stored);
        var next = new Record(stored is null ? 1 : stored.Version + 1, json);
        var done = stored?.Etag == expected
            && (stored is null ? _records.TryAdd(key, next) : _records.TryUpdate(key, next, stored));
        return done
            ? next.Etag
            : throw new InconsistentStateException($"State '{stateName}' of grain {grainId} was written by another.", stored?.Etag, expected);
    }

    private sealed record Record(long Version, byte[]? Json)
    {
        public string Etag { get; } = Version.ToString(CultureInfo.InvariantCulture);
    }
}
