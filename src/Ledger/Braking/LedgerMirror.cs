using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using EmergencyStop.Ids;

namespace EmergencyStop.Ledger.Braking;

/// <summary>Keys, owners and users, for stops while the ledger cannot be read; in memory, and in a file beside the ledger.</summary>
/// <remarks>
/// A stop reads it without waiting for anybody. It is as old as its last refresh, about a second: a key that was revoked
/// works no longer than that. Readers see one whole state or the next.
/// </remarks>
public sealed class LedgerMirror
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions Json = new() { IgnoreReadOnlyProperties = true };

    private readonly string? _path;
    private volatile State _state = new(MirrorContents.Empty);

    /// <summary>A mirror in memory only.</summary>
    public LedgerMirror()
    {
    }

    /// <summary>A mirror with its file; what an earlier process wrote is read.</summary>
    public LedgerMirror(string path)
    {
        _path = path;
        _state = new(ReadFile(path));
    }

    /// <summary>Every user known.</summary>
    public IEnumerable<UserId> Users => _state.Accounts.Keys;

    /// <summary>The key behind a hash, revoked or not; <c>null</c> when the mirror does not know it.</summary>
    public MirroredKey? FindKey(string hash) => _state.Keys.GetValueOrDefault(hash);

    /// <summary>The owner of a strategy, if it is known.</summary>
    public UserId? OwnerOf(StrategyId strategy) => _state.Owners.TryGetValue(strategy, out var owner) ? owner : null;

    /// <summary>The account of a user, if it is known.</summary>
    public AccountId? AccountOf(UserId user) => _state.Accounts.GetValueOrDefault(user);

    /// <summary>Takes over a new state, in memory first, then in the file: written beside, flushed, and put in its place.</summary>
    /// <exception cref="IOException">The file could not be written; memory has the new state.</exception>
    public void Replace(MirrorContents contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        _state = new(contents);
        if (_path is null)
        {
            return;
        }

        var beside = _path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(beside, options))
        {
            JsonSerializer.Serialize(file, contents, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, _path, overwrite: true);
    }

    /// <summary>What cannot be read is nothing: the next refresh writes it anew.</summary>
    private static MirrorContents ReadFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<MirrorContents>(file, Json) ?? MirrorContents.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            return MirrorContents.Empty;
        }
    }

    private sealed class State(MirrorContents contents)
    {
        public FrozenDictionary<string, MirroredKey> Keys { get; } =
            contents.Keys.ToFrozenDictionary(k => k.Hash, StringComparer.Ordinal);

        public FrozenDictionary<StrategyId, UserId> Owners { get; } = contents.Owners.ToFrozenDictionary(o => o.Strategy, o => o.Owner);

        public FrozenDictionary<UserId, AccountId?> Accounts { get; } = contents.Users.ToFrozenDictionary(u => u.User, u => u.Account);
    }
}
