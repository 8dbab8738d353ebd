using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Access;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Strategies;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Keys, remembered answers, notices, and the mirror.</content>
public sealed partial class ModelStore
{
    private readonly List<(string Hash, ApiKey Key)> _keys = [];
    private readonly Dictionary<(string KeyId, string Key), RememberedAnswer> _answers = [];
    private readonly Dictionary<(StopId Stop, StrategyId Strategy, NoticeKind Kind), NoticeOutcome> _notices = [];

    /// <summary>Every key, by creation.</summary>
    public ImmutableArray<ApiKey> Keys => [.. _keys.Select(k => k.Key).OrderBy(k => k.CreatedAt).ThenBy(k => k.Id, StringComparer.Ordinal)];

    /// <summary>Every notice, in the order of their first writing.</summary>
    public IEnumerable<NoticeOutcome> AllNotices => _notices.Values;

    /// <summary>Stores a key by its hash.</summary>
    public bool AddKey(ApiKey key, string hash)
    {
        if (_keys.Exists(k => k.Key.Id == key.Id || k.Hash == hash))
        {
            throw new InvalidOperationException("The ledger holds such a row already.");
        }

        _keys.Add((hash, key with { CreatedAt = Values.Stored(key.CreatedAt), RevokedAt = Values.Time(Values.Micros(key.RevokedAt)) }));
        return AppendAudit(new(key.CreatedAt, "service", "key.created", key.Id, AuditDetails.Of(
            ("name", key.Name), ("role", key.Role.ToString()), ("user", key.User?.Value))));
    }

    /// <summary>The key behind a hash, revoked or not.</summary>
    public ApiKey? FindKey(string hash) => _keys.Find(k => k.Hash == hash).Key;

    /// <summary>Revokes a key for good.</summary>
    public bool RevokeKey(string id, string by, DateTimeOffset at)
    {
        var place = _keys.FindIndex(k => k.Key.Id == id && k.Key.RevokedAt is null);
        if (place < 0)
        {
            return false;
        }

        _keys[place] = _keys[place] with { Key = _keys[place].Key with { RevokedAt = Values.Stored(at) } };
        return AppendAudit(new(at, by, "key.revoked", id, "{}"));
    }

    /// <summary>The answer given to this caller under this key.</summary>
    public RememberedAnswer? FindAnswer(string keyId, string idempotencyKey) => _answers.GetValueOrDefault((keyId, idempotencyKey));

    /// <summary>Remembers an answer; the first one stays.</summary>
    public bool RememberAnswer(string keyId, string idempotencyKey, RememberedAnswer answer) => _answers.TryAdd((keyId, idempotencyKey), answer);

    /// <summary>Writes what has become of a notice; a repeat of one that was told already changes nothing.</summary>
    public bool RecordNotice(NoticeOutcome outcome)
    {
        var notice = outcome.Notice with { At = Values.Stored(outcome.Notice.At) };
        var key = (notice.Stop, notice.Strategy, notice.Kind);
        if (_notices.TryGetValue(key, out var standing))
        {
            if (standing.State == NoticeState.Told && standing.Notice.Id == notice.Id)
            {
                return false;
            }

            notice = notice with { Target = standing.Notice.Target, ReasonCode = standing.Notice.ReasonCode };
        }

        _notices[key] = outcome with { Notice = notice, At = Values.Stored(outcome.At) };
        return true;
    }

    /// <summary>The notices about one stop, by strategy and kind.</summary>
    public ImmutableArray<NoticeOutcome> Notices(StopId stop) =>
    [
        .. _notices.Values.Where(n => n.Notice.Stop == stop)
            .OrderBy(n => n.Notice.Strategy.Value, StringComparer.Ordinal).ThenBy(n => n.Notice.Kind),
    ];

    /// <summary>Notices that are pending, oldest first.</summary>
    public ImmutableArray<NoticeOutcome> PendingNotices(int limit) =>
    [
        .. _notices.Values.Where(n => n.State == NoticeState.Pending).OrderBy(n => n.At).ThenBy(n => n.Notice.Stop.Value, StringComparer.Ordinal)
            .ThenBy(n => n.Notice.Strategy.Value, StringComparer.Ordinal).ThenBy(n => n.Notice.Kind).Take(limit),
    ];

    /// <summary>What the mirror holds, if anything of it has changed since.</summary>
    public MirrorReading? Mirror(MirrorMark? since)
    {
        if (since is not null && since.Traders == _traders.Count && _mirroredAt <= since.AuditSequence)
        {
            return null;
        }

        return new(new(_audit.Count, _traders.Count), new(
            [.. _keys.OrderBy(k => k.Key.Id, StringComparer.Ordinal).Select(k => new MirroredKey(k.Hash, k.Key.Caller, k.Key.RevokedAt is not null))],
            [.. _strategies.Values.Select(s => new MirroredOwner(s.Id, s.User))],
            [.. Known(_keys.Select(k => k.Key.User).OfType<UserId>()).Select(u => new MirroredUser(u, null))]));
    }
}
