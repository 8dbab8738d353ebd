using EmergencyStop.Ids;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Grains.Risk;

/// <summary>The one place where people and other programs are told of risk: log and metrics. The audit entry stands in the ledger's own commit.</summary>
public sealed partial class RiskAnnouncements(ILogger<RiskAnnouncements> log)
{
    internal void Tell(RiskRuleVersion version, RiskWatch watch, RiskChange change, string words)
    {
        var rule = version.Rule;
        switch (change)
        {
            case RiskChange.Warned:
                LogWarned(rule.Id, version.Version, watch.User, watch.Strategy, watch.Level, words);
                break;
            case RiskChange.Broken:
                RiskMeasures.Broken(rule);
                LogBroken(rule.Id, version.Version, watch.User, watch.Strategy, rule.Shadow ? "shadow: would have led to" : "leads to", rule.Action, words);
                break;
            case RiskChange.Eased:
                LogEased(rule.Id, version.Version, watch.User, watch.Strategy, words);
                break;
        }
    }

    internal void Stopped(RiskRule rule, RiskWatch watch, StopId stop) => LogStopped(stop, rule.Id, watch.User, watch.Strategy);

    internal void Rebased(RiskRule rule, RiskWatch watch) =>
        LogRebased(rule.Id, watch.User, watch.Strategy, watch.RebasedWhy ?? string.Empty, watch.GraceUntil);

    internal void Failed(RiskRuleVersion version, UserId user, Exception e)
    {
        RiskMeasures.Failed(version.Rule);
        LogFailed(e, version.Rule.Id, version.Version, user);
    }

    internal void NotSaved(UserId user, Exception e) => LogNotSaved(e, user);

    internal void Blind(UserId user, string why) => LogBlind(user, why);

    internal void Sees(UserId user) => LogSees(user);

    internal void Missed(Heartbeat heartbeat, string words)
    {
        RiskMeasures.HeartbeatMissed(heartbeat);
        LogMissed(heartbeat.Name, heartbeat.Terms.Target, words);
    }

    internal void ReaderFailed(Exception e) => LogReaderFailed(e);

    internal void HeartbeatsFailed(Exception e) => LogHeartbeatsFailed(e);

    internal void StoodStill(TimeSpan gap) => LogStoodStill(gap.TotalMilliseconds);

    [LoggerMessage(EventIds.RiskWarned, LogLevel.Warning, "Risk rule {RuleId} v{Version}: {UserId} {StrategyId} is at {Level} per cent of the limit: {Words}")]
    private partial void LogWarned(RiskRuleId ruleId, int version, UserId userId, StrategyId? strategyId, int level, string words);

    [LoggerMessage(EventIds.RiskBroken, LogLevel.Error, "Risk rule {RuleId} v{Version} is broken by {UserId} {StrategyId}, which {LeadsTo} {Action}: {Words}")]
    private partial void LogBroken(RiskRuleId ruleId, int version, UserId userId, StrategyId? strategyId, string leadsTo, RiskAction action, string words);

    [LoggerMessage(EventIds.RiskEased, LogLevel.Information, "Risk rule {RuleId} v{Version}: {UserId} {StrategyId} is back: {Words}")]
    private partial void LogEased(RiskRuleId ruleId, int version, UserId userId, StrategyId? strategyId, string words);

    [LoggerMessage(EventIds.RiskStopped, LogLevel.Warning, "Stop {StopId} stands for risk rule {RuleId}, broken by {UserId} {StrategyId}")]
    private partial void LogStopped(StopId stopId, RiskRuleId ruleId, UserId userId, StrategyId? strategyId);

    [LoggerMessage(EventIds.RiskRebased, LogLevel.Warning, "Risk rule {RuleId} measures {UserId} {StrategyId} anew: {Why}; it does not act until {GraceUntil}")]
    private partial void LogRebased(RiskRuleId ruleId, UserId userId, StrategyId? strategyId, string why, DateTimeOffset? graceUntil);

    [LoggerMessage(EventIds.RiskRuleFailed, LogLevel.Error, "Risk rule {RuleId} v{Version} threw while {UserId} was judged: it does not watch now, the other rules go on")]
    private partial void LogFailed(Exception e, RiskRuleId ruleId, int version, UserId userId);

    [LoggerMessage(EventIds.RiskNotSaved, LogLevel.Warning, "What is kept of the watches over {UserId} could not be written; memory has it, and it is tried again")]
    private partial void LogNotSaved(Exception e, UserId userId);

    [LoggerMessage(EventIds.RiskBlind, LogLevel.Warning, "The account of {UserId} cannot be read for its risk rules: {Why}. Nothing is guessed meanwhile")]
    private partial void LogBlind(UserId userId, string why);

    [LoggerMessage(EventIds.RiskSees, LogLevel.Information, "The account of {UserId} can be read again for its risk rules")]
    private partial void LogSees(UserId userId);

    [LoggerMessage(EventIds.HeartbeatMissed, LogLevel.Error, "Heartbeat {Name} of {Target} was missed: {Words}")]
    private partial void LogMissed(HeartbeatName name, StopTarget target, string words);

    [LoggerMessage(EventIds.RiskReaderFailed, LogLevel.Error, "Watching the risk rules failed once; it goes on")]
    private partial void LogReaderFailed(Exception e);

    [LoggerMessage(EventIds.HeartbeatsFailed, LogLevel.Error, "Watching the heartbeats failed once; it goes on")]
    private partial void LogHeartbeatsFailed(Exception e);

    [LoggerMessage(EventIds.HeartbeatsStoodStill, LogLevel.Warning, "This process stood still for {Milliseconds} ms: that time is no heartbeat's silence")]
    private partial void LogStoodStill(double milliseconds);
}
