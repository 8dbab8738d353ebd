using EmergencyStop.Grains.Risk;
using EmergencyStop.Risk;

namespace EmergencyStop.Grains.Tests.Risk;

public sealed class RiskSeatTests
{
    private static readonly RiskRule Drawdown = RiskBench.Rule(RiskRuleKind.Drawdown, 10, RiskUnit.Percent, warnAt: [50, 80]);

    [Fact]
    public void Drawdown_ThatHolds_IsBrokenOnce_AndSaysTheFigures()
    {
        var bench = new RiskBench(Drawdown);
        bench.Read(100_000, 3);
        Assert.Equal([RiskChange.None, RiskChange.None, RiskChange.Broken, RiskChange.None], bench.Read(89_500, 4));
        Assert.Equal(1, bench.Breaches);
        Assert.Equal(
            "drawdown 10.5 % over the limit of 10 %: equity 89,500.00 USD, peak 100,000.00 USD of 2026-03-02 14:30 UTC", bench.Seat.Watch.Breach?.Words);
        Assert.True(bench.Seat.Watch.IsStopping);
    }

    [Fact]
    public void Levels_AreToldInOrder_AndAWaveringFigureOnlyOnce()
    {
        var bench = new RiskBench(Drawdown);
        bench.Read(100_000, 3);
        Assert.Contains(RiskChange.Warned, bench.Read(95_000, 3));
        Assert.Equal(50, bench.Seat.Watch.Level);
        for (var i = 0; i < 10; i++)
        {
            Assert.All(bench.Read(i % 2 == 0 ? 95_100 : 94_900, 3), c => Assert.Equal(RiskChange.None, c));
        }

        Assert.Contains(RiskChange.Warned, bench.Read(91_500, 3));
        Assert.Equal(80, bench.Seat.Watch.Level);
        Assert.Contains(RiskChange.Eased, bench.Read(99_000, 3));
        Assert.Equal((0, 0), (bench.Seat.Watch.Level, bench.Breaches));
    }

    [Fact]
    public void Peak_IsMeasuredFrom_EvenIfItRoseWithoutPause()
    {
        var bench = new RiskBench(Drawdown);
        for (var equity = 100_000m; equity <= 120_000; equity += 1_000)
        {
            bench.Read(equity);
        }

        Assert.InRange(bench.Seat.Watch.Baseline ?? 0, 119_000, 120_000);
        Assert.Contains(RiskChange.Broken, bench.Read(107_000, 4));
    }

    [Fact]
    public void DailyLoss_BeginsAnewWithTheDay()
    {
        var bench = new RiskBench(RiskBench.Rule(RiskRuleKind.DailyLoss, 1_000, RiskUnit.Currency));
        bench.Read(50_000, 3);
        bench.Read(49_100, 3);
        Assert.Equal(900, bench.Seat.Value);
        bench.Read(49_100, seconds: 86_400);
        Assert.Equal((0, 49_100), (bench.Seat.Value, bench.Seat.Watch.Baseline));
        bench.Read(48_200, 4);
        Assert.Equal((900, 0), (bench.Seat.Value, bench.Breaches));
        Assert.Contains(RiskChange.Broken, bench.Read(48_050, 4));
        Assert.StartsWith("daily loss 1,050.00 USD over the limit of 1,000.00 USD since 2026-03-03", bench.Seat.Watch.Breach?.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnreadableAccount_IsNeitherFineNorBroken()
    {
        var bench = new RiskBench(Drawdown);
        bench.Read(100_000, 3);
        bench.Read(80_000, 2);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(RiskChange.None, bench.Read(null));
        }

        Assert.Null(bench.Seat.Value);
        Assert.Equal(0, bench.Breaches);
        Assert.Equal(RiskChange.Broken, bench.Read(80_000)); // The third reading that shows it.
    }

    [Fact]
    public void Rebase_MeasuresFromNow_AndActsOnlyAfterItsGrace()
    {
        var bench = new RiskBench(Drawdown);
        bench.Read(100_000, 3);
        bench.Read(85_000, 4);
        bench.Seat.Rebase("stop s was released", bench.At);
        Assert.Equal(RiskStanding.Grace, bench.Seat.Watch.Standing);
        bench.Read(85_000, 3);
        Assert.Equal((85_000, 0), (bench.Seat.Watch.Baseline, bench.Seat.Value));
        Assert.DoesNotContain(RiskChange.Broken, bench.Read(70_000, 10)); // Within its grace.
        bench.Read(70_000, seconds: 60);
        Assert.Equal(2, bench.Breaches); // It held throughout, and the grace is over.
    }

    [Fact]
    public void AChangedRule_JudgesAnew_AndLeavesAStandingStop()
    {
        var shadow = Drawdown with { Shadow = true };
        var bench = new RiskBench(shadow);
        bench.Read(100_000, 3);
        bench.Read(85_000, 4);
        Assert.Equal((false, 1), (bench.Seat.Watch.IsStopping, bench.Breaches));
        bench.Seat.Take(new RiskRuleVersion(Drawdown, 2, false, RiskRuleSource.Api, "officer", bench.At, "in earnest"));
        Assert.Contains(RiskChange.Broken, bench.Read(85_000, 4));
        Assert.Equal((true, 2), (bench.Seat.Watch.IsStopping, bench.Breaches));
        bench.Seat.Take(new RiskRuleVersion(Drawdown with { Threshold = 20 }, 3, false, RiskRuleSource.Api, "officer", bench.At, "looser"));
        bench.Read(85_000, 4);
        Assert.True(bench.Seat.Watch.IsStopping); // Until it is released.
    }

    [Theory]
    [InlineData(RiskRuleKind.OrderRate, 20, RiskUnit.Orders)]
    [InlineData(RiskRuleKind.RejectRate, 50, RiskUnit.Percent)]
    public void Rates_CountWithinTheWindow(RiskRuleKind kind, int threshold, RiskUnit unit)
    {
        var bench = new RiskBench(RiskBench.Rule(kind, threshold, unit, samples: 1, holdSeconds: 0));
        for (var i = 0; i < 19; i++)
        {
            bench.Seat.Count(new(i, bench.At, null, Rejected: false));
        }

        for (var i = 0; i < 9; i++)
        {
            bench.Seat.Count(new(20 + i, bench.At, null, Rejected: true));
        }

        Assert.Equal(RiskChange.None, bench.Read(null));
        bench.Read(null, seconds: 11);
        Assert.Equal(kind == RiskRuleKind.OrderRate ? 0 : null, bench.Seat.Value); // The window has left them behind.
        for (var i = 0; i < 20; i++)
        {
            bench.Seat.Count(new(100 + i, bench.At, null, Rejected: false));
            bench.Seat.Count(new(200 + i, bench.At, null, Rejected: i % 2 == 0));
        }

        Assert.Equal(kind == RiskRuleKind.OrderRate ? RiskChange.Broken : RiskChange.None, bench.Read(null, seconds: 0.1));
    }
}
