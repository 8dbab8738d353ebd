using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using Xunit;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class NarrowingTests(LedgerKind kind) : LedgerTest(kind)
{
    private static readonly ImmutableDictionary<AccountId, UserId> Accounts =
        ImmutableDictionary<AccountId, UserId>.Empty.Add(AccountId.Parse("acc-bob"), UserId.Parse("bob"));

    [SkippableTheory]
    [InlineData("SYSTEM", "USER:alice")]
    [InlineData("SYMBOL:BTC-USD", "USER:alice/SYMBOL:BTC-USD")]
    public async Task Narrow_KeepsDebtorsLatched_AndOpensTheRest_AlsoForTheNextProcess(string target, string holds)
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order("alice"));
        var stop = await OutstandingAsync(ledger, target);

        var narrowed = Assert.IsType<ReleaseAnswer.Narrowed>(await NarrowAsync(ledger, stop));

        Assert.Equal(holds, Assert.Single(narrowed.Stop.LatchedTargets).Value);
        Assert.Null(narrowed.Stop.Release);
        foreach (var process in new[] { ledger, await File.OpenAsync() })
        {
            Assert.Equal([holds], process.Gate.Latches.Select(l => l.Target.Value));
            Assert.IsType<AdmitAnswer.GateClosed>(await process.AdmitAsync(File.Order("alice"), None));
            Assert.IsType<AdmitAnswer.Admitted>(await process.AdmitAsync(File.Order("bob"), None));
            Assert.Equal(holds, Assert.Single((await process.FindStopAsync(stop.Id, None))!.LatchedTargets).Value);
        }

        Assert.IsType<ReleaseAnswer.Outstanding>(await File.ReleaseAsync(ledger, stop));
        await File.RecordAsync(ledger, order, OrderState.Cancelled);
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(order, OutcomeKind.Cancelled)], None);
        Assert.IsType<ReleaseAnswer.Released>(await File.ReleaseAsync(ledger, stop));
        Assert.Empty(ledger.Gate.Latches);
        Assert.IsType<AdmitAnswer.Admitted>(await ledger.AdmitAsync(File.Order("alice"), None));
    }

    [SkippableFact]
    public async Task Narrow_AttributesAccounts_AndRefusesWhatNobodyCanAttribute()
    {
        var ledger = await File.OpenAsync();
        var stop = await OutstandingAsync(ledger, "SYSTEM");
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(ObligationKind.Verification, "acc-carol", OutcomeKind.Unknown)], None);
        Assert.IsType<ReleaseAnswer.CannotNarrow>(await NarrowAsync(ledger, stop));
        Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(File.Order("alice"), None));

        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(ObligationKind.Verification, "acc-carol", OutcomeKind.Ended)], None);
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(ObligationKind.Position, "acc-bob/AAPL", OutcomeKind.Failed)], None);
        var narrowed = Assert.IsType<ReleaseAnswer.Narrowed>(await NarrowAsync(ledger, stop));
        Assert.Equal(["USER:bob"], narrowed.Stop.LatchedTargets.Select(t => t.Value));
    }

    [SkippableTheory]
    [InlineData("USER:alice")]
    [InlineData("STRATEGY:s1")]
    [InlineData("USER:alice/SYMBOL:BTC-USD")]
    public async Task Narrow_WhereNothingNarrowerExists_SaysToWaive(string target)
    {
        var ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order("alice"));
        var stop = await OutstandingAsync(ledger, target);
        var refused = Assert.IsType<ReleaseAnswer.CannotNarrow>(await NarrowAsync(ledger, stop));
        Assert.Contains("waive", refused.Why, StringComparison.Ordinal);
        Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(File.Order("alice"), None));
    }

    [SkippableFact]
    public async Task Narrow_Again_NeverLatchesWhoseLatchHasGone()
    {
        var ledger = await File.OpenAsync();
        var alice = await LedgerFile.AdmitAsync(ledger, File.Order("alice"));
        var bob = await LedgerFile.AdmitAsync(ledger, File.Order("bob"));
        await File.RecordAsync(ledger, bob, OrderState.NeverSent);
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(bob, OutcomeKind.NeverSent, inferred: true)], None);
        await File.ProgressAsync(ledger, stop, StopState.Outstanding);
        await NarrowAsync(ledger, stop);

        await File.RecordAsync(ledger, bob, OrderState.Open, venueId: "late");
        var again = Assert.IsType<ReleaseAnswer.Narrowed>(await NarrowAsync(ledger, stop));

        Assert.Equal(["USER:alice"], again.Stop.LatchedTargets.Select(t => t.Value));
        Assert.IsType<AdmitAnswer.Admitted>(await ledger.AdmitAsync(File.Order("bob"), None));
        Assert.Equal(2, (await ledger.OwedAsync(again.Stop, false, null, None)).Length);
        await File.RecordAsync(ledger, alice, OrderState.Cancelled);
        var open = Assert.IsType<ReleaseAnswer.Narrowed>(await NarrowAsync(ledger, stop));
        Assert.Empty(open.Stop.LatchedTargets);
        Assert.False(open.Stop.HoldsLatch);
    }

    [SkippableFact]
    public async Task Narrow_OfAWorkingStop_IsRefused_AndOfOneThatOwesNothing_IsARelease()
    {
        var ledger = await File.OpenAsync();
        var working = await File.EngageAsync(ledger, "SYSTEM");
        Assert.IsType<ReleaseAnswer.Working>(await NarrowAsync(ledger, working));
        await File.ProgressAsync(ledger, working, StopState.Completed);
        Assert.IsType<ReleaseAnswer.Released>(await NarrowAsync(ledger, working));
    }

    private async Task<Stop> OutstandingAsync(StoredLedger ledger, string target)
    {
        var stop = await File.EngageAsync(ledger, target);
        return await File.ProgressAsync(ledger, stop, StopState.Outstanding);
    }

    private Task<ReleaseAnswer> NarrowAsync(StoredLedger ledger, Stop stop) =>
        ledger.NarrowAsync(new(stop.Id, LedgerFile.Officer, "trade on", false, File.Now) { DespiteOutstanding = true }, Accounts, None);
}
