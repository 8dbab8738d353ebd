using EmergencyStop.Ids;
using EmergencyStop.Ledger.Risk;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace EmergencyStop.Grains.Tests;

/// <content>Risk rules and dead-man's switches.</content>
internal sealed partial class World
{
    public IHeartbeats Heartbeats => _host.Services.GetRequiredService<IHeartbeats>();

    public IRiskGuardGrain Guard(string user) => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRiskGuardGrain>(user);

    public async Task WriteAsync(RiskRule rule)
    {
        var newest = (await Ledger.RiskRuleVersionsAsync(rule.Id, CancellationToken.None)).FirstOrDefault()?.Version ?? 0;
        var answer = await Ledger.WriteRiskRulesAsync(
            [new(rule, newest, Deleted: false, RiskRuleSource.Api, "officer", TimeProvider.System.GetUtcNow(), "test")], CancellationToken.None);
        Assert.Null(answer.Conflict);
    }

    public async Task<RiskWatch?> RowAsync(string user, string rule) =>
        (await Ledger.RiskWatchesAsync(UserId.Parse(user), CancellationToken.None)).FirstOrDefault(w => w.Rule == RiskRuleId.Parse(rule));

    public async Task<Stop[]> StopsOnAsync(string target) => [.. await Ledger.StopsOnAsync(StopTarget.Parse(target), 10, CancellationToken.None)];

    /// <summary>Waits, bounded, until something in the ledger is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> enough)
    {
        for (var i = 0; i < 600 && !await enough(); i++)
        {
            await Task.Delay(25);
        }

        Assert.True(await enough(), "It is not so after 15 s.");
    }
}
