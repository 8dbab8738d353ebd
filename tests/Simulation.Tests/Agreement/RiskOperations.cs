using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Risk;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>Risk rules, what their guards keep, and the dead-man's switches.</summary>
internal static class RiskOperations
{
    public static async ValueTask<Operation> WriteRule(Scene scene, Choices c)
    {
        var rules = await scene.First.RiskRulesAsync(CancellationToken.None);
        RiskRuleWrite Write(string name)
        {
            var id = RiskRuleId.Parse(name);
            var newest = rules.FirstOrDefault(r => r.Rule.Id == id)?.Version ?? 0;
            var rule = new RiskRule(
                id, c.From(RiskRuleKind.Drawdown, RiskRuleKind.OrderRate), c.From(10m, 0.5m), RiskUnit.Percent, c.OneIn(2) ? Scene.User(c) : null, null, c.OneIn(3),
                TimeSpan.FromSeconds(10), 20, c.OneIn(2) ? [50, 80] : [], 3, TimeSpan.FromSeconds(2), RiskAction.Stop, EmergencyStopScope.User, new(), c.OneIn(4), true,
                TimeSpan.FromMinutes(1));
            return new(rule, c.OneIn(5) ? newest + 1 : newest, c.OneIn(5), c.From(RiskRuleSource.Api, RiskRuleSource.File), "officer", scene.Now, "test");
        }

        var writes = c.OneIn(3) ? [Write("r1"), Write("r2")] : new[] { Write(c.From("r1", "r2")) };
        return Operation.Of(nameof(ILedger.WriteRiskRulesAsync), l => l.WriteRiskRulesAsync([.. writes], CancellationToken.None), [.. writes]) with
        {
            Kind = static answer => answer is RiskWriteAnswer written ? written.Conflict is null ? "Written" : "Conflict" : null,
        };
    }

    public static async ValueTask<Operation> SaveWatch(Scene scene, Choices c)
    {
        var user = Scene.User(c);
        var strategy = c.OneIn(2) ? StrategyId.Parse("s1") : (StrategyId?)null;
        var standing = (await scene.First.RiskWatchesAsync(user, CancellationToken.None)).FirstOrDefault(w => w.Strategy == strategy);
        var watch = (standing ?? new(RiskRuleId.Parse("r1"), user, strategy, 1, scene.Now)) with { Baseline = c.From(100_000m, 0.1m), Level = c.From(0, 50), Episode = c.Of(3) };
        watch = c.OneIn(4) ? watch with { Revision = watch.Revision + 1 } : watch;
        var entry = c.OneIn(2) ? new AuditEntry(scene.Now, "service", "risk.breached", "r1", "{}") : null;
        return Operation.Of(nameof(ILedger.SaveRiskWatchAsync), l => l.SaveRiskWatchAsync(watch, entry, CancellationToken.None), watch, entry);
    }

    public static ValueTask<Operation> Arm(Scene scene, Choices c)
    {
        var name = Name(c);
        var target = c.OneIn(6) ? "STRATEGY:other" : "STRATEGY:s1";
        var terms = new HeartbeatTerms(StopTarget.Parse(target), TimeSpan.FromSeconds(c.From(5, 10)), new(KeepProtective: true));
        return new(Operation.Of(
            nameof(ILedger.ArmHeartbeatAsync), l => l.ArmHeartbeatAsync(name, terms, "engine", scene.Now, CancellationToken.None), name, terms));
    }

    public static ValueTask<Operation> Beat(Scene scene, Choices c)
    {
        HeartbeatBeats[] beats = [new(Name(c), 1 + c.Of(2), 1), new(Name(c), 1, 3)];
        return new(Operation.Of(nameof(ILedger.BeatAsync), l => l.BeatAsync([.. beats], CancellationToken.None), [.. beats]));
    }

    public static async ValueTask<Operation> Miss(Scene scene, Choices c)
    {
        var all = await scene.First.HeartbeatsAsync(CancellationToken.None);
        if (all.IsEmpty)
        {
            return await Arm(scene, c);
        }

        var seen = all[c.Of(all.Length)];
        seen = c.OneIn(4) ? seen with { Beats = seen.Beats + 1 } : seen;
        var owes = c.OneIn(2);
        return Operation.Of(
            nameof(ILedger.MissHeartbeatAsync), l => l.MissHeartbeatAsync(seen, "nothing came", owes, scene.Now, CancellationToken.None), seen, owes);
    }

    public static ValueTask<Operation> Stopped(Scene scene, Choices c)
    {
        var (name, arming, stop) = (Name(c), 1L + c.Of(2), StopId.Parse($"stop-{c.Of(3)}"));
        return new(Operation.Of(
            nameof(ILedger.HeartbeatStoppedAsync), l => l.HeartbeatStoppedAsync(name, arming, stop, CancellationToken.None), name, arming, stop));
    }

    public static ValueTask<Operation> Disarm(Scene scene, Choices c)
    {
        var name = Name(c);
        return new(Operation.Of(
            nameof(ILedger.DisarmHeartbeatAsync), l => l.DisarmHeartbeatAsync(name, "officer", "end of day", scene.Now, CancellationToken.None), name));
    }

    private static HeartbeatName Name(Choices c) => HeartbeatName.Parse(c.From("h1", "STRATEGY:s1"));
}
