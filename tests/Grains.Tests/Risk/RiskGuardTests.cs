using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Risk;

/// <summary>The guard over a real ledger: what it must not forget, do twice, or be stopped by.</summary>
public sealed class RiskGuardTests
{
    private static readonly (string, string)[] Fast = [("Risk:LookEvery", "00:00:00.100"), ("Risk:RulesEvery", "00:00:00.050")];

    private static readonly RiskRule Loss = RiskBench.Rule(RiskRuleKind.DailyLoss, 1_000, RiskUnit.Currency, holdSeconds: 0) with
    {
        Id = RiskRuleId.Parse("loss"), User = UserId.Parse("alice"),
    };

    [Fact]
    public async Task F17_ABreachThatWasRecordedAndNotStopped_IsStoppedByWhoeverComesNext_Once()
    {
        var world = await World.StartAsync(Fast);
        var now = TimeProvider.System.GetUtcNow();
        var watch = new RiskWatch(Loss.Id, UserId.Parse("alice"), null, 1, now)
        {
            Standing = RiskStanding.Breached, Level = 100, Episode = 1, Breach = new(now, "daily loss 1,200.00 USD", 1, Stops: true, Shadow: false),
        };
        await world.Ledger.SaveRiskWatchAsync(watch, null, CancellationToken.None);
        await world.WriteAsync(Loss);
        await World.UntilAsync(async () => (await world.RowAsync("alice", "loss"))?.Breach?.Stop is not null);
        var stop = Assert.Single(await world.StopsOnAsync("USER:alice"));
        Assert.Equal(
            ("risk rule loss v1", EmergencyStopReason.RiskViolation, "daily loss 1,200.00 USD"), (stop.Request.RequestedBy.Name, stop.Request.ReasonCode, stop.Request.Reason));

        // As if the process had died before it wrote down which stop that is.
        var row = await world.RowAsync("alice", "loss");
        await world.AbandonAsync();
        await using (var after = await World.StartAsync(world, Fast))
        {
            await after.Ledger.SaveRiskWatchAsync(row! with { Breach = row.Breach! with { Stop = null } }, null, CancellationToken.None);
            await World.UntilAsync(async () => (await after.RowAsync("alice", "loss"))?.Breach?.Stop == stop.Id);
            Assert.Single(await after.StopsOnAsync("USER:alice"));
        }

        await world.DisposeAsync();
    }

    [Fact]
    public async Task ATwinThatWasFirst_IsFollowed_AndNothingIsStoppedTwice()
    {
        await using var world = await World.StartAsync(Fast);
        await world.WriteAsync(Loss);
        await world.PlaceAsync(World.AtMarket("alice", 100));
        await World.UntilAsync(async () => await world.RowAsync("alice", "loss") is { Baseline: not null });
        var (theirs, _) = await world.StopAsync("USER:alice");
        var row = await world.RowAsync("alice", "loss");
        await world.Ledger.SaveRiskWatchAsync(
            row! with { Standing = RiskStanding.Breached, Level = 100, Episode = 1, Breach = new(row.Since, "theirs", 1, true, false, theirs.Id) }, null, CancellationToken.None);
        world.Market.SetPrice(Symbol.Parse("AAPL"), 50);
        await World.UntilAsync(async () => (await world.Guard("alice").ShowAsync(CancellationToken.None)).Rules is [{ Watch.Breach.Words: "theirs" }]);
        Assert.Single(await world.StopsOnAsync("USER:alice"));
    }

    [Theory]
    [InlineData(LedgerTrouble.ReadOnly)]
    [InlineData(LedgerTrouble.Down)]
    public async Task Law10_WithoutTheLedger_ABrokenRuleBrakes_AndIsRecordedOnceTheLedgerIsBack(LedgerTrouble trouble)
    {
        await using var world = await World.StartAsync(Fast);
        await world.WriteAsync(Loss);
        await world.PlaceAsync(World.AtMarket("alice", 100));
        await world.PlaceAsync(World.Resting("alice", "MSFT"));
        await World.UntilAsync(async () => await world.RowAsync("alice", "loss") is { Baseline: not null });
        world.Fault.Set(trouble);
        world.Market.SetPrice(Symbol.Parse("AAPL"), 80);
        await World.UntilAsync(() => !world.Spool.IsEmpty && world.OpenAtVenue("alice").IsEmpty);
        world.Fault.Set(LedgerTrouble.None);
        await World.UntilAsync(async () => await world.RowAsync("alice", "loss") is { IsStopping: true, Breach.Stop: not null });
        await World.UntilAsync(async () => (await world.StopsOnAsync("USER:alice")).Length > 0);
        var stop = Assert.Single(await world.StopsOnAsync("USER:alice"));
        Assert.Equal(stop.Id, (await world.RowAsync("alice", "loss"))?.Breach?.Stop);
    }

    [Fact]
    public async Task F12_ARuleThatThrows_IsAnEventOfItsOwn_AndTheOthersGoOn()
    {
        await using var world = await World.StartAsync(Fast);
        var symbol = Symbol.Parse("AAPL");
        world.Market.Seed([new(AccountId.Parse("alice"), symbol, 50_000_000_000_000_000_000_000_000m, 100, null)]);
        await world.WriteAsync(Loss with { Unit = RiskUnit.Percent, Threshold = 10 });
        await world.WriteAsync(RiskBench.Rule(RiskRuleKind.OrderRate, 1, RiskUnit.Orders, samples: 1, holdSeconds: 0) with { Id = RiskRuleId.Parse("rate") });
        await World.UntilAsync(async () => await world.RowAsync("alice", "loss") is { Baseline: not null });
        world.Market.SetPrice(symbol, 1);
        await World.UntilAsync(async () => (await world.Ledger.EventsAsync(new(0), CancellationToken.None)).Events.Any(e => e.Event.Type == EventTypes.RiskRuleFailed));
        Assert.Empty(await world.StopsOnAsync("USER:alice"));
        await world.PlaceAsync(World.Resting("alice", "MSFT"));
        await World.UntilAsync(async () => (await world.StopsOnAsync("USER:alice")).Length == 1);
        var failed = (await world.Ledger.EventsAsync(new(0, UserId.Parse("alice")), CancellationToken.None)).Events.Count(e => e.Event.Type == EventTypes.RiskRuleFailed);
        Assert.Equal(1, failed); // Once, however often it is judged.
    }

    [Fact]
    public async Task APriceThatIsMissing_IsNeverGuessed()
    {
        await using var world = await World.StartAsync([.. Fast, ("Risk:StaleAfter", "00:00:01")]);
        await world.WriteAsync(Loss);
        await world.PlaceAsync(World.AtMarket("alice", 100));
        await World.UntilAsync(async () => await world.RowAsync("alice", "loss") is { Baseline: not null });
        Assert.Equal(EquitySource.Computed, (await world.Guard("alice").ShowAsync(CancellationToken.None)).Equity?.Source);
        world.SetDown("alice");
        world.Market.SetPrice(Symbol.Parse("AAPL"), 1);
        await World.UntilAsync(async () => (await world.Guard("alice").ShowAsync(CancellationToken.None)) is { Stale: true, Why: not null });
        Assert.Empty(await world.StopsOnAsync("USER:alice"));
        world.SetDown();
        await World.UntilAsync(async () => (await world.StopsOnAsync("USER:alice")).Length == 1);
    }
}
