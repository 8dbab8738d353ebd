using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class VenueRowTests(LedgerKind kind) : LedgerTest(kind)
{
    private static readonly UserId Alice = UserId.Parse("alice");

    [SkippableFact]
    public async Task Adopt_WritesARowOwedByItsStop()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "USER:alice");

        var row = await ledger.AdoptAsync(stop.Id, Alice, null, Report("foreign id with spaces", filled: 2), File.Now, None);
        var again = await ledger.AdoptAsync(stop.Id, Alice, null, Report("foreign id with spaces", filled: 2), File.Now, None);

        Assert.Equal((OrderOrigin.Adopted, stop.Id, "v-1", OrderState.Open), (row!.Origin, row.Stop!.Value, row.VenueOrderId, row.State));
        Assert.Equal(row, again);
        Assert.True(row.Number > stop.Number);
        Assert.Equal(row.Id, Assert.Single(await ledger.OwedAsync(stop, false, null, None)).Id);
        Assert.Equal(2m, Assert.Single(await ledger.PositionsAsync(Alice, null, null, None)).Quantity);
        Assert.Equal(StopState.Outstanding, (await File.ProgressAsync(ledger, stop, StopState.Completed)).State);
        Assert.Contains(await ledger.AuditAsync(0, 100, None), e => e.Entry.Action == "order.adopted" && e.Entry.Subject == row.Id.Value);

        await File.RecordAsync(ledger, row, OrderState.Cancelled, 2);
        Assert.Equal(row.Id, Assert.Single(await ledger.EndedMeanwhileAsync(stop, None)).Id);
        Assert.Equal(row.Id, (await ledger.AdoptAsync(stop.Id, Alice, null, Report("foreign id with spaces"), File.Now, None))!.Id);
    }

    [SkippableFact]
    public async Task Adopt_KeepsTheVenuesClientOrderId_WhereItIsFree()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");

        var first = await ledger.AdoptAsync(stop.Id, Alice, null, Report("foreign"), File.Now, None);
        var other = await ledger.AdoptAsync(
            stop.Id, UserId.Parse("bob"), null, Report("foreign", "v-2") with { Account = AccountId.Parse("acc-bob") }, File.Now, None);

        Assert.Equal("foreign", first!.Id.Value);
        Assert.StartsWith("adopted-", other!.Id.Value, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Adopt_OfAnOrderOfOurs_ReturnsItsRow()
    {
        var ledger = await File.OpenAsync();
        var mine = await LedgerFile.AdmitAsync(ledger, File.Order());
        var acknowledged = await LedgerFile.AdmitAsync(ledger, File.Order());
        await File.RecordAsync(ledger, acknowledged, OrderState.Open, venueId: "v-7");
        var stop = await File.EngageAsync(ledger, "SYSTEM");

        Assert.Equal(mine.Id, (await ledger.AdoptAsync(stop.Id, Alice, null, Report(mine.Id.Value), File.Now, None))!.Id);
        Assert.Equal(acknowledged.Id, (await ledger.AdoptAsync(stop.Id, Alice, null, Report("replaced", "v-7"), File.Now, None))!.Id);
    }

    [SkippableFact]
    public async Task Adopt_WhenTheVenueUsesAnIdAgain_FindsTheOrderThatHasItNow()
    {
        var ledger = await File.OpenAsync();
        var before = await LedgerFile.AdmitAsync(ledger, File.Order());
        await File.RecordAsync(ledger, before, OrderState.Open, venueId: "v-7");
        await File.RecordAsync(ledger, before, OrderState.Cancelled);
        var now = await LedgerFile.AdmitAsync(ledger, File.Order());
        await File.RecordAsync(ledger, now, OrderState.Open, venueId: "v-7");
        await File.RecordAsync(ledger, before, OrderState.Cancelled, filled: 0.5m); // A late fill of the one that has ended.
        var stop = await File.EngageAsync(ledger, "SYSTEM");

        Assert.Equal(now.Id, (await ledger.AdoptAsync(stop.Id, Alice, null, Report("not ours", "v-7"), File.Now, None))!.Id);
    }

    [SkippableFact]
    public async Task Adopt_WithoutTheLatch_WritesNothing()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        await File.FinishAsync(ledger, stop);

        Assert.Null(await ledger.AdoptAsync(stop.Id, Alice, null, Report("foreign"), File.Now, None));
        Assert.Empty(await ledger.ActiveOrdersAsync(Alice, None));
    }

    [SkippableTheory]
    [InlineData("STRATEGY:s1")]
    [InlineData("USER:bob")]
    public async Task Adopt_OutOfScope_IsTheCallersBug(string target)
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, target);

        await Assert.ThrowsAsync<ArgumentException>(() => ledger.AdoptAsync(stop.Id, Alice, null, Report("foreign"), File.Now, None));
    }

    [SkippableFact]
    public async Task Closing_PassesTheGate_OneUnfinishedPerPosition()
    {
        var ledger = await File.OpenAsync();
        var first = await File.EngageAsync(ledger, "USER:alice", StopOptions.Panic);
        var second = await File.EngageAsync(ledger, "SYSTEM", StopOptions.Panic);

        var inserted = Assert.IsType<ClosingAnswer.Inserted>(await CloseAsync(first, 1)).Order;
        Assert.Equal((OrderOrigin.Closing, first.Id, 1), (inserted.Origin, inserted.Stop!.Value, inserted.Attempt));
        Assert.Equal(inserted, Assert.IsType<ClosingAnswer.Standing>(await CloseAsync(first, 1)).Order);
        Assert.Equal(inserted, Assert.IsType<ClosingAnswer.Standing>(await CloseAsync(second, 1)).Order);
        Assert.Equal(inserted, Assert.IsType<ClosingAnswer.Standing>(await CloseAsync(first, 2)).Order);

        await File.RecordAsync(ledger, inserted, OrderState.Cancelled);
        Assert.Equal(inserted.Id, Assert.IsType<ClosingAnswer.Standing>(await CloseAsync(first, 1)).Order.Id);
        Assert.Equal(2, Assert.IsType<ClosingAnswer.Inserted>(await CloseAsync(first, 2)).Order.Attempt);
        Assert.Equal([1, 2], (await ledger.ClosingsAsync(first.Id, inserted.Account, inserted.Terms.Symbol, None)).Select(o => o.Attempt));

        async Task<ClosingAnswer> CloseAsync(Stop stop, int attempt) =>
            await ledger.InsertClosingAsync(Sized((await LastAsync(ledger))?.Id), stop.Id, attempt, None);
    }

    [SkippableFact] // law 6
    public async Task Closing_SizedBeforeAnotherStopsClosingOrder_IsNotInserted()
    {
        var ledger = await File.OpenAsync();
        var first = await File.EngageAsync(ledger, "USER:alice", StopOptions.Panic);
        var second = await File.EngageAsync(ledger, "SYSTEM", StopOptions.Panic);
        Assert.Null(await LastAsync(ledger));

        var other = Assert.IsType<ClosingAnswer.Inserted>(await ledger.InsertClosingAsync(Sized(null), first.Id, 1, None)).Order;
        await File.RecordAsync(ledger, other, OrderState.Filled, filled: 1);
        Assert.Equal(other.Id, Assert.IsType<ClosingAnswer.Standing>(await ledger.InsertClosingAsync(Sized(null), second.Id, 1, None)).Order.Id);

        Assert.Equal(other.Id, (await LastAsync(ledger))?.Id);
        Assert.IsType<ClosingAnswer.Inserted>(await ledger.InsertClosingAsync(Sized(other.Id), second.Id, 1, None));
    }

    [SkippableFact]
    public async Task Closing_WithoutTheLatch_IsRefused()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        await File.FinishAsync(ledger, stop);

        Assert.IsType<ClosingAnswer.LatchGone>(
            await ledger.InsertClosingAsync(File.Closing("alice", "BTC-USD", OrderSide.Sell, 1), stop.Id, 1, None));
    }

    private NewOrder Sized(OrderId? last) => File.Closing("alice", "BTC-USD", OrderSide.Sell, 1) with { LastClosing = last };

    private Task<Order?> LastAsync(StoredLedger ledger)
    {
        var any = Sized(null);
        return ledger.LastClosingAsync(any.Account, any.Terms.Symbol, None);
    }

    private static VenueOrderReport Report(string clientOrderId, string venueOrderId = "v-1", decimal filled = 0) => new(
        AccountId.Parse("acc-alice"), venueOrderId, clientOrderId, Symbol.Parse("BTC-USD"), OrderSide.Buy, OrderType.Limit, 5, filled,
        filled > 0 ? 100m : null, OrderState.Open);
}
