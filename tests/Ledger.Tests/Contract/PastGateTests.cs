using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Xunit;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class PastGateTests(LedgerKind kind) : LedgerTest(kind)
{
    [SkippableFact]
    public async Task PastGate_PassesTheStopNamed_IsAudited_AndALaterStopOwesIt()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        var order = Assert.IsType<AdmitAnswer.Admitted>(await ledger.AdmitAsync(Past(stop), None)).Order;

        Assert.Equal((OrderOrigin.PastGate, stop.Id), (order.Origin, order.Stop));
        Assert.Equal(order, await ledger.FindOrderAsync(order.Id, None));
        Assert.Empty(await ledger.OwedAsync(stop, false, null, None));
        var entry = Assert.Single(await ledger.AuditAsync(0, 100, None), a => a.Entry.Action == "order.past_gate").Entry;
        Assert.Contains("hedge", entry.Details, StringComparison.Ordinal);
        var later = await File.EngageAsync(ledger, "USER:alice");
        Assert.Equal(order.Id, Assert.Single(await ledger.OwedAsync(later, false, null, None)).Id);
    }

    [SkippableFact]
    public async Task PastGate_IsRefused_ByALaterStop_AndByOneThatDoesNotHoldIt()
    {
        var ledger = await File.OpenAsync();
        var bob = await File.EngageAsync(ledger, "USER:bob");
        Assert.IsType<AdmitAnswer.NotHeld>(await ledger.AdmitAsync(Past(bob), None));
        var system = await File.EngageAsync(ledger, "SYSTEM");
        Assert.IsType<AdmitAnswer.NotHeld>(await ledger.AdmitAsync(Past(system with { Id = StopId.Parse("none") }), None));
        Assert.IsType<AdmitAnswer.Admitted>(await ledger.AdmitAsync(Past(system), None));
        var later = await File.EngageAsync(ledger, "USER:alice");
        Assert.Equal(later.Id, Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(Past(system), None)).By.Stop);
        Assert.IsType<AdmitAnswer.Admitted>(await ledger.AdmitAsync(Past(later), None));
        await ledger.RecordOutcomesAsync(later.Id, [File.Outcome(ObligationKind.MassCancel, "acc-alice", OutcomeKind.Unknown)], None);
        Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(Past(later), None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await ledger.AdmitAsync(Past(later) with { Terms = File.Order().Terms }, None));
    }

    [SkippableFact]
    public async Task PastGate_WhereSeveralMassCancelsAreOut_NamesTheFirstStop()
    {
        var ledger = await File.OpenAsync();
        var stops = new List<Stop>();
        foreach (var target in new[] { "USER:alice/SYMBOL:BTC-USD", "SYMBOL:BTC-USD", "USER:alice", "STRATEGY:s1", "SYSTEM" })
        {
            stops.Add(await File.EngageAsync(ledger, target));
            await ledger.RecordOutcomesAsync(stops[^1].Id, [File.Outcome(ObligationKind.MassCancel, "acc-alice", OutcomeKind.Unknown)], None);
        }

        Assert.Equal(stops[0].Id, Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(Past(stops[^1]), None)).By.Stop);
    }

    private NewOrder Past(Stop stop)
    {
        var order = File.Order(side: OrderSide.Sell);
        return order with { Terms = order.Terms with { ReduceOnly = true }, PastGate = new(stop.Id, LedgerFile.Officer, "hedge") };
    }
}
