using System.Security.Cryptography;
using System.Text;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Risk;

/// <summary>How a rule or a switch stops: like anybody else, under a key of its own, so that one breach is one stop whoever notices it.</summary>
public sealed class RiskStops(IEmergencyStopSystem system, TimeProvider time)
{
    private const string Service = "service";

    /// <summary>Stops for a breach of a rule. Repeating it gives the same stop.</summary>
    /// <returns>The stop.</returns>
    internal Task<StopId> StopAsync(RiskRule rule, RiskWatch watch, RiskBreach breach) => StopAsync(
        rule.TargetOf(watch.User, watch.Strategy),
        rule.Options,
        EmergencyStopReason.RiskViolation,
        breach.Words,
        $"risk rule {rule.Id} v{breach.RuleVersion}",
        $"risk/{rule.Id}/{breach.RuleVersion}/{watch.User}/{watch.Strategy}/{watch.Episode}");

    /// <summary>Stops for a switch that has fired. Repeating it gives the same stop.</summary>
    /// <returns>The stop.</returns>
    internal Task<StopId> StopAsync(Heartbeat heartbeat, string words) => StopAsync(
        heartbeat.Terms.Target,
        heartbeat.Terms.Options,
        EmergencyStopReason.ConnectivityIssue,
        words,
        $"heartbeat {heartbeat.Name}",
        $"heartbeat/{heartbeat.Name}/{heartbeat.Arming}");

    private async Task<StopId> StopAsync(StopTarget target, StopOptions options, EmergencyStopReason code, string words, string by, string episode)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(episode)));
        var reason = words.Length <= EmergencyStopRequest.LongestReason ? words : words[..EmergencyStopRequest.LongestReason];
        var request = new EmergencyStopRequest(
            target, options, code, reason, new Caller(Service, by, Role.RiskOfficer, null), time.GetUtcNow(), key, key);

        // Nobody waits for the flow: the gate is closed when this answers, or the brake has the stop.
        return await system.StopAsync(request, TimeSpan.Zero, CancellationToken.None) switch
        {
            StopAnswer.Engaged engaged => engaged.Stop.Id,
            StopAnswer.KeyReused reused => reused.Stop,
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no answer to the service's own stop."),
        };
    }
}
