using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Risk;

namespace EmergencyStop.Ledger.Risk;

/// <summary>The risk rules with their versions, what their guards must not forget, and the dead-man's switches. None of it decides about an order or a stop.</summary>
public interface IRiskLedger
{
    /// <summary>Adds versions of rules, each with its audit entry: all in one commit, or none.</summary>
    Task<RiskWriteAnswer> WriteRiskRulesAsync(ImmutableArray<RiskRuleWrite> writes, CancellationToken cancellationToken);

    /// <summary>The newest version of every rule, deleted ones included, by id.</summary>
    Task<ImmutableArray<RiskRuleVersion>> RiskRulesAsync(CancellationToken cancellationToken);

    /// <summary>Every version of one rule, newest first; none for one that never was.</summary>
    Task<ImmutableArray<RiskRuleVersion>> RiskRuleVersionsAsync(RiskRuleId rule, CancellationToken cancellationToken);

    /// <summary>What is kept of the watches over one user, or over everybody, by user, rule and strategy.</summary>
    Task<ImmutableArray<RiskWatch>> RiskWatchesAsync(UserId? user, CancellationToken cancellationToken);

    /// <summary>Writes a watch, with an audit entry in the same commit, if its row is still the one that was read.</summary>
    /// <param name="watch">The watch, with the revision that was read; 0 for one that has no row.</param>
    /// <param name="entry">What the audit says of it, or <c>null</c>.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The watch as it stands now, with its new revision; <c>null</c> when another has written since: read again.</returns>
    Task<RiskWatch?> SaveRiskWatchAsync(RiskWatch watch, AuditEntry? entry, CancellationToken cancellationToken);

    /// <summary>Arms a switch: for the first time, with other terms, or again after it had fired or was disarmed; audited. One that stands so already is left as it is.</summary>
    /// <returns>The switch; <c>null</c> when the name is that of a switch with another target.</returns>
    Task<Heartbeat?> ArmHeartbeatAsync(HeartbeatName name, HeartbeatTerms terms, string by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Adds beats to armed switches of these armings, in one commit; others are left as they are.</summary>
    Task BeatAsync(ImmutableArray<HeartbeatBeats> beats, CancellationToken cancellationToken);

    /// <summary>The switch has fired, if it is armed still and no beat was written since; audited.</summary>
    /// <param name="seen">The switch as it was read.</param>
    /// <param name="words">What was missed.</param>
    /// <param name="owesStop">Whether a stop follows; otherwise the last one stands still.</param>
    /// <param name="at">When (UTC).</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The switch after it; <c>null</c> when it has not fired.</returns>
    Task<Heartbeat?> MissHeartbeatAsync(Heartbeat seen, string words, bool owesStop, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The stop of a switch that has fired is engaged.</summary>
    Task HeartbeatStoppedAsync(HeartbeatName name, long arming, StopId stop, CancellationToken cancellationToken);

    /// <summary>Disarms a switch, audited; one that is not armed is left as it is.</summary>
    /// <returns>The switch after it; <c>null</c> for none.</returns>
    Task<Heartbeat?> DisarmHeartbeatAsync(HeartbeatName name, string by, string reason, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Every switch by name.</summary>
    Task<ImmutableArray<Heartbeat>> HeartbeatsAsync(CancellationToken cancellationToken);
}

/// <summary>A version of a rule to be added.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Expected">The newest version that the writer has seen; 0 for a rule that never was.</param>
/// <param name="Deleted">Whether the rule is taken away.</param>
/// <param name="Source">Who owns it from now on.</param>
/// <param name="By">Who writes.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Reason">Why, in words.</param>
public sealed record RiskRuleWrite(
    RiskRule Rule, int Expected, bool Deleted, RiskRuleSource Source, string By, DateTimeOffset At, string Reason);

/// <summary>The answer to writing rules.</summary>
/// <param name="Written">The new versions; none when one of them could not be written.</param>
/// <param name="Conflict">The newest version of the rule that is not as the writer has seen it; <c>null</c> when all were written.</param>
public sealed record RiskWriteAnswer(ImmutableArray<RiskRuleVersion> Written, RiskRuleVersion? Conflict);

/// <summary>Beats of one switch.</summary>
/// <param name="Name">The switch.</param>
/// <param name="Arming">Its arming.</param>
/// <param name="Beats">How many more.</param>
public sealed record HeartbeatBeats(HeartbeatName Name, long Arming, long Beats);
