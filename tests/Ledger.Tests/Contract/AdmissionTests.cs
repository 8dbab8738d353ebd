using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class AdmissionTests(LedgerKind kind) : LedgerTest(kind)
{
    [SkippableFact]
    public async Task Admit_ThroughAnOpenGate_InsertsWhatIsReadBack()
    {
        var ledger = await File.OpenAsync();
        var terms = new OrderTerms(
            UserId.Parse("alice"), StrategyId.Parse("s1"), Symbol.Parse("brk/b"), OrderSide.Sell, 0.000000010m, OrderType.StopLimit,
            79228162514264337593543950335m, 1.2300m, 0.5m, 12.5m, TimeInForce.Fok, true, true, ClientOrderId.Parse("mine"));

        var order = await LedgerFile.AdmitAsync(ledger, new(OrderId.Parse("o-1"), terms, AccountId.Parse("acc"), File.Now.AddTicks(7)));

        Assert.Equal(1, order.Number);
        Assert.Equal(OrderState.InFlight, order.State);
        Assert.Equal(order, await ledger.FindOrderAsync(OrderId.Parse("o-1"), None));
        Assert.Equal(order, await ledger.FindOrderAsync(UserId.Parse("alice"), ClientOrderId.Parse("mine"), None));
        Assert.Equal(order, Assert.Single(await ledger.ActiveOrdersAsync(UserId.Parse("alice"), None)));
        Assert.Equal(1, ledger.Gate.Number);
    }

    [SkippableTheory]
    [InlineData("SYSTEM")]
    [InlineData("USER:alice")]
    [InlineData("STRATEGY:s1")]
    [InlineData("SYMBOL:BTC-USD")]
    [InlineData("USER:alice/SYMBOL:BTC-USD")]
    public async Task Admit_ThroughAClosedGate_IsRefusedByTheLatch(string target)
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, target);

        var answer = await ledger.AdmitAsync(File.Order(), None);

        var latch = Assert.IsType<AdmitAnswer.GateClosed>(answer).By;
        Assert.Equal((stop.Id, stop.Target, stop.Number, "because", "officer"), (latch.Stop, latch.Target, latch.Number, latch.Reason, latch.By));
        Assert.Equal(latch, ledger.Gate.Refusing(File.Order().Terms));
    }

    [SkippableTheory]
    [InlineData("USER:bob")]
    [InlineData("STRATEGY:s2")]
    [InlineData("SYMBOL:ETH-USD")]
    [InlineData("USER:alice/SYMBOL:ETH-USD")]
    [InlineData("USER:bob/SYMBOL:BTC-USD")]
    public async Task Admit_BesideAClosedGate_Passes(string target)
    {
        var ledger = await File.OpenAsync();
        await File.EngageAsync(ledger, target);

        await LedgerFile.AdmitAsync(ledger, File.Order());
    }

    [SkippableFact]
    public async Task Admit_SameClientOrderId_ReturnsTheStandingRow_AlsoBehindAClosedGate()
    {
        var ledger = await File.OpenAsync();
        var first = await LedgerFile.AdmitAsync(ledger, File.Order(clientOrderId: "c1"));

        var again = await ledger.AdmitAsync(File.Order(clientOrderId: "c1", quantity: 7), None);
        Assert.Equal(first, Assert.IsType<AdmitAnswer.Duplicate>(again).Order);

        await LedgerFile.AdmitAsync(ledger, File.Order("bob", clientOrderId: "c1"));
        await File.EngageAsync(ledger, "SYSTEM");
        var behind = await ledger.AdmitAsync(File.Order(clientOrderId: "c1"), None);
        Assert.Equal(first.Id, Assert.IsType<AdmitAnswer.Duplicate>(behind).Order.Id);
    }

    [SkippableFact]
    public async Task Admit_SameOrderId_ReturnsTheStandingRow()
    {
        var ledger = await File.OpenAsync();
        var order = File.Order();
        var first = await LedgerFile.AdmitAsync(ledger, order);

        var again = await ledger.AdmitAsync(order, None);

        Assert.Equal(first, Assert.IsType<AdmitAnswer.Duplicate>(again).Order);
        Assert.Equal(1, ledger.Gate.Number);
    }

    [SkippableFact]
    public async Task Admit_ManyAtOnce_GetEachANumberOfTheirOwn()
    {
        var ledger = await File.OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => LedgerFile.AdmitAsync(ledger, File.Order())));

        Assert.Equal(Enumerable.Range(1, 2_000).Select(n => (long)n), answers.Select(o => o.Number).Order());
        Assert.Equal(2_000, (await ledger.ActiveOrdersAsync(UserId.Parse("alice"), None)).Length);
    }

    [SkippableFact]
    public async Task Admit_UnknownStrategy_RegistersItWithTheUserAsOwner()
    {
        var ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order("alice", "fresh"));
        await LedgerFile.AdmitAsync(ledger, File.Order("bob", "fresh"));

        var strategy = await ledger.FindStrategyAsync(StrategyId.Parse("fresh"), None);

        Assert.Equal(UserId.Parse("alice"), strategy!.User);
        Assert.Equal(strategy, Assert.Single(await ledger.StrategiesInAsync(StopTarget.Parse("USER:bob"), None)), SameStrategy.Instance);
    }

    [SkippableFact]
    public async Task Admit_WithACancelledToken_AdmitsNothing()
    {
        var ledger = await File.OpenAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await ledger.AdmitAsync(File.Order(), new(canceled: true)));

        Assert.Empty(await ledger.ActiveOrdersAsync(UserId.Parse("alice"), None));
    }
}
