using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Risk;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Risk;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Risk rules, what their guards keep, and the dead-man's switches.</content>
public sealed partial class ModelStore
{
    private readonly SortedDictionary<string, List<RiskRuleVersion>> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<(string User, string Rule, string Strategy), RiskWatch> _watches = [];
    private readonly SortedDictionary<string, Heartbeat> _heartbeats = new(StringComparer.Ordinal);

    /// <summary>The newest version of each rule.</summary>
    public ImmutableArray<RiskRuleVersion> Rules => [.. _rules.Values.Select(v => v[^1])];

    /// <summary>Every switch.</summary>
    public ImmutableArray<Heartbeat> Heartbeats => [.. _heartbeats.Values];

    /// <summary>Adds versions, all or none.</summary>
    public RiskWriteAnswer WriteRules(ImmutableArray<RiskRuleWrite> writes)
    {
        foreach (var write in writes)
        {
            var newest = _rules.GetValueOrDefault(write.Rule.Id.Value)?[^1];
            if ((newest?.Version ?? 0) != write.Expected)
            {
                return new([], newest ?? throw new ArgumentException("There is no such version.", nameof(writes)));
            }
        }

        var written = writes.Select(w => new RiskRuleVersion(w.Rule, w.Expected + 1, w.Deleted, w.Source, w.By, Values.Stored(w.At), w.Reason)).ToImmutableArray();
        foreach (var version in written)
        {
            _rules.TryAdd(version.Rule.Id.Value, []);
            _rules[version.Rule.Id.Value].Add(version);
            AppendAudit(RiskAudit.Of(version));
            Publish(RiskEvents.Of(version, RiskAudit.Of(version)));
        }

        return new(written, null);
    }

    /// <summary>Every version of a rule, newest first.</summary>
    public ImmutableArray<RiskRuleVersion> RuleVersions(RiskRuleId rule) => [.. _rules.GetValueOrDefault(rule.Value, []).AsEnumerable().Reverse()];

    /// <summary>The watches over one user, or all.</summary>
    public ImmutableArray<RiskWatch> Watches(UserId? user) =>
    [
        .. _watches.Values.Where(w => user is null || w.User == user).OrderBy(w => w.User.Value, StringComparer.Ordinal)
            .ThenBy(w => w.Rule.Value, StringComparer.Ordinal).ThenBy(w => w.Strategy?.Value ?? string.Empty, StringComparer.Ordinal),
    ];

    /// <summary>Writes a watch whose row is still the one that was read.</summary>
    public RiskWatch? SaveWatch(RiskWatch watch, AuditEntry? entry)
    {
        var key = (watch.User.Value, watch.Rule.Value, watch.Strategy?.Value ?? string.Empty);
        if ((_watches.GetValueOrDefault(key)?.Revision ?? 0) != watch.Revision)
        {
            return null;
        }

        if (entry is not null)
        {
            AppendAudit(entry);
            Publish(RiskEvents.Of(watch, entry));
        }

        return _watches[key] = watch with { Revision = watch.Revision + 1 };
    }

    /// <summary>Arms a switch.</summary>
    public Heartbeat? ArmHeartbeat(HeartbeatName name, HeartbeatTerms terms, string by, DateTimeOffset at)
    {
        var standing = _heartbeats.GetValueOrDefault(name.Value);
        var next = HeartbeatChange.Arm(standing, name, terms, by, Values.Stored(at));
        return next is null || next == standing ? next : Put(next, RiskAudit.Armed(next));
    }

    /// <summary>Adds beats.</summary>
    public bool Beat(ImmutableArray<HeartbeatBeats> beats)
    {
        foreach (var beat in beats)
        {
            if (_heartbeats.TryGetValue(beat.Name.Value, out var standing) && standing.State == HeartbeatState.Armed && standing.Arming == beat.Arming)
            {
                _heartbeats[beat.Name.Value] = standing with { Beats = standing.Beats + beat.Beats };
            }
        }

        return true;
    }

    /// <summary>The switch has fired.</summary>
    public Heartbeat? MissHeartbeat(Heartbeat seen, string words, bool owesStop, DateTimeOffset at) =>
        HeartbeatChange.Miss(_heartbeats.GetValueOrDefault(seen.Name.Value), seen, words, owesStop, Values.Stored(at)) is { } next
            ? Put(next, RiskAudit.Missed(next))
            : null;

    /// <summary>Its stop is engaged.</summary>
    public bool HeartbeatStopped(HeartbeatName name, long arming, StopId stop)
    {
        if (_heartbeats.TryGetValue(name.Value, out var standing))
        {
            _heartbeats[name.Value] = HeartbeatChange.Stopped(standing, arming, stop);
        }

        return true;
    }

    /// <summary>Disarms a switch.</summary>
    public Heartbeat? DisarmHeartbeat(HeartbeatName name, string by, string reason, DateTimeOffset at)
    {
        if (!_heartbeats.TryGetValue(name.Value, out var standing))
        {
            return null;
        }

        var next = HeartbeatChange.Disarm(standing, by, reason, Values.Stored(at));
        return next == standing ? next : Put(next, RiskAudit.Disarmed(next));
    }

    private Heartbeat Put(Heartbeat next, AuditEntry entry)
    {
        AppendAudit(entry);
        Publish(RiskEvents.Of(next, entry, next.Terms.Target.Strategy is { } strategy ? OwnerOf(strategy) : null));
        return _heartbeats[next.Name.Value] = next;
    }
}
