using EmergencyStop.Ids;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class StrategyTests(LedgerKind kind) : LedgerTest(kind)
{
    private static readonly StrategyId S1 = StrategyId.Parse("s1");
    private static readonly UserId Alice = UserId.Parse("alice");
    private static readonly UserId Bob = UserId.Parse("bob");

    [SkippableFact]
    public async Task Register_ChangesTheOwnerOnlyWhereItMay()
    {
        var ledger = await File.OpenAsync();
        var first = await ledger.RegisterAsync(S1, Alice, "one", "http://callback", false, File.Now, None);
        Assert.Equal(first, await ledger.FindStrategyAsync(S1, None), SameStrategy.Instance);
        Assert.Null(await ledger.RegisterAsync(S1, Bob, "two", null, false, File.Now, None));
        Assert.Equal("one", (await ledger.FindStrategyAsync(S1, None))!.Name);

        var second = await ledger.RegisterAsync(S1, Bob, "two", null, true, File.Now.AddDays(1), None);

        Assert.Equal((Bob, "two", null, first!.RegisteredAt), (second!.User, second.Name, second.CallbackUrl, second.RegisteredAt));
        Assert.Equal(second, await ledger.FindStrategyAsync(S1, None), SameStrategy.Instance);
        Assert.Null(await ledger.FindStrategyAsync(StrategyId.Parse("none"), None));
    }

    [SkippableFact]
    public async Task StrategiesIn_AreThoseThatAStopPauses()
    {
        var ledger = await File.OpenAsync();
        await ledger.RegisterAsync(StrategyId.Parse("idle"), Alice, null, null, false, File.Now, None);
        await LedgerFile.AdmitAsync(ledger, File.Order("alice", "resting", "BTC-USD"));
        var filled = await LedgerFile.AdmitAsync(ledger, File.Order("bob", "holding", "BTC-USD"));
        await File.RecordAsync(ledger, filled, OrderState.Filled, 1);
        var gone = await LedgerFile.AdmitAsync(ledger, File.Order("bob", "gone", "BTC-USD"));
        await File.RecordAsync(ledger, gone, OrderState.Cancelled);
        await LedgerFile.AdmitAsync(ledger, File.Order("alice", "gone", "ETH-USD"));

        Assert.Equal("gone holding idle resting", await InAsync(ledger, "SYSTEM"));
        Assert.Equal("gone idle resting", await InAsync(ledger, "USER:alice"));
        Assert.Equal("gone holding", await InAsync(ledger, "USER:bob"));
        Assert.Equal("holding resting", await InAsync(ledger, "SYMBOL:BTC-USD"));
        Assert.Equal("gone", await InAsync(ledger, "USER:alice/SYMBOL:ETH-USD"));
        Assert.Equal("holding", await InAsync(ledger, "USER:bob/SYMBOL:BTC-USD"));
        Assert.Equal("resting", await InAsync(ledger, "STRATEGY:resting"));
        Assert.Equal(string.Empty, await InAsync(ledger, "STRATEGY:none"));
    }

    private static async Task<string> InAsync(StoredLedger ledger, string target) =>
        string.Join(' ', (await ledger.StrategiesInAsync(StopTarget.Parse(target), None)).Select(s => s.Id.Value));
}
