using EmergencyStop.Grains.Risk;
using EmergencyStop.Risk;
using FsCheck;
using FsCheck.Fluent;

namespace EmergencyStop.Grains.Tests.Risk;

/// <summary>What holds whatever prices come: a wrong one alone stops nothing (F21), and a real fall is never missed.</summary>
public sealed class RiskProperties
{
    private const decimal Threshold = 10;
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(500);

    private static readonly Gen<RiskRule> Rules =
        from kind in Gen.Elements(RiskRuleKind.Drawdown, RiskRuleKind.DailyLoss)
        from samples in Gen.Choose(2, 6)
        from hold in Gen.Choose(0, 5)
        select RiskBench.Rule(kind, Threshold, RiskUnit.Percent, samples, hold, 50);

    /// <summary>An account that moves by at most 0.4 % around 100,000.</summary>
    private static readonly Gen<decimal[]> Calm = Gen.Choose(99_800, 100_200).Select(e => (decimal)e).ArrayOf(40);

    [Fact]
    public void OneWrongPriceAmongGoodOnes_NeverStops_AndMovesNoPeak() => Check.One(Runs, Prop.ForAll(
        Arb.From(from rule in Rules from calm in Calm from at in Gen.Choose(0, 39) from wrong in Gen.Elements(0m, -5_000_000m, 1_000m, 10_000_000m, 90_000m) select (rule, calm, at, wrong)),
        c =>
        {
            var bench = new RiskBench(c.rule);
            c.calm[c.at] = c.wrong;
            foreach (var equity in c.calm)
            {
                bench.Read(equity);
            }

            return bench.Breaches == 0 && bench.Seat.Watch.Level == 0 && bench.Seat.Watch.Baseline is >= 99_800 and <= 100_200;
        }));

    [Fact]
    public void EveryThirdPriceWrong_NeverStops() => Check.One(Runs, Prop.ForAll(
        Arb.From(from rule in Rules from calm in Calm from wrong in Gen.Elements(0m, 1_000m, 10_000_000m).ArrayOf(40) select (rule, calm, wrong)),
        c =>
        {
            var bench = new RiskBench(c.rule);
            for (var i = 0; i < c.calm.Length; i++)
            {
                bench.Read(i % 3 == 1 ? c.wrong[i] : c.calm[i]);
            }

            return bench.Breaches == 0;
        }));

    [Fact]
    public void AFallThatLasts_IsBroken_WhateverCameBefore() => Check.One(Runs, Prop.ForAll(
        Arb.From(from rule in Rules from calm in Calm from fall in Gen.Choose(0, 89_000) select (rule, calm, fall)),
        c =>
        {
            var bench = new RiskBench(c.rule);
            foreach (var equity in c.calm)
            {
                bench.Read(equity);
            }

            bench.Read(c.fall, times: 12);
            return bench.Breaches == 1;
        }));

    [Fact]
    public void ALowerThreshold_IsBrokenNoLater() => Check.One(Runs, Prop.ForAll(
        Arb.From(from rule in Rules from path in Gen.Choose(50_000, 120_000).Select(e => (decimal)e).ArrayOf(40) from tighter in Gen.Choose(1, 9) select (rule, path, tighter)),
        c =>
        {
            var (loose, tight) = (new RiskBench(c.rule), new RiskBench(c.rule with { Threshold = c.tighter }));
            foreach (var equity in c.path)
            {
                loose.Read(equity);
                tight.Read(equity);
                if (loose.Breaches > 0 && tight.Breaches == 0)
                {
                    return false;
                }
            }

            return true;
        }));

    [Fact]
    public void HeldReadings_AreTheLowestOfTheHold() => Check.One(Runs, Prop.ForAll(
        Arb.From(from values in Gen.Choose(0, 1_000).Select(v => (decimal)v).ArrayOf(60) from samples in Gen.Choose(1, 8) from hold in Gen.Choose(0, 20) select (values, samples, hold)),
        c =>
        {
            var held = new HeldReadings();
            for (var i = 0; i < c.values.Length; i++)
            {
                var needed = Math.Max(c.samples, c.hold + 1); // A reading each second.
                var expected = i + 1 >= needed ? c.values[(i + 1 - needed)..(i + 1)].Min() : (decimal?)null;
                if (held.Add(c.values[i], RiskBench.Now.AddSeconds(i), c.samples, TimeSpan.FromSeconds(c.hold)) != expected)
                {
                    return false;
                }
            }

            return true;
        }));

    [Fact]
    public void OrderCounts_AreThoseOfTheWindow_AndASlotAtMost() => Check.One(Runs, Prop.ForAll(
        Arb.From(Gen.Choose(0, 3_000).ArrayOf(200)),
        gaps =>
        {
            var window = TimeSpan.FromSeconds(10);
            var (counts, at, all) = (new OrderCounts(window), RiskBench.Now, new List<DateTimeOffset>());
            foreach (var gap in gaps)
            {
                at += TimeSpan.FromMilliseconds(gap / 4d);
                counts.Pass(at);
                counts.Add(at, rejected: false);
                all.Add(at);
                var (least, most) = (all.Count(a => a > at - window), all.Count(a => a >= at - (window * 1.04)));
                if (counts.Admitted < least || counts.Admitted > most)
                {
                    return false;
                }
            }

            return true;
        }));
}
