using System.Collections.Concurrent;
using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using Xunit;

namespace EmergencyStop.Ledger.Tests.Contract;

/// <summary>Law 1 while parts are carved out, put back and narrowed under traffic, on real files and real threads.</summary>
public abstract class CarveOutHammerTests(LedgerKind kind) : LedgerTest(kind)
{
    private static readonly string[] Parts = ["USER:u1", "STRATEGY:s1", "SYMBOL:BTC-USD", "USER:u2/SYMBOL:ETH-USD"];

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task NothingIsAdmitted_OutsideOfWhatIsCarvedOut(int processes)
    {
        var ledgers = new List<StoredLedger>();
        for (var i = 0; i < processes; i++)
        {
            ledgers.Add(await File.OpenAsync());
        }

        var officer = ledgers[^1];
        var stop = await File.EngageAsync(officer, "SYSTEM");
        await File.ProgressAsync(officer, stop, StopState.Completed);
        var admitted = new ConcurrentBag<Order>();
        using var ending = new CancellationTokenSource();
        var traders = Enumerable.Range(0, 16).Select(i => TradeAsync(ledgers[i % processes], new(i), admitted, ending.Token)).ToArray();
        var random = new Random(processes);
        for (var round = 0; round < 20; round++)
        {
            var part = StopTarget.Parse(Parts[random.Next(Parts.Length)]);
            await ExceptAsync(officer, stop, part);
            await UntilAdmittedAsync(admitted);
            Assert.IsType<ExceptAnswer.Done>(await officer.PutBackAsync(new(stop.Id, part, LedgerFile.Officer, "back", File.Now), None));
        }

        await ending.CancelAsync();
        await Task.WhenAll(traders);
        var carved = (await officer.FindStopAsync(stop.Id, None))!.CarveOuts;
        Assert.Equal(20, carved.Length);
        Assert.NotEmpty(admitted);
        Assert.Empty(admitted.Where(o => !carved.Any(c => c.Number < o.Number && o.Number < c.PutBack && c.Target.Covers(o.Terms)))
            .Select(o => $"{o.Number} {o.Terms.User} {o.Terms.Strategy} {o.Terms.Symbol}"));
    }

    [SkippableFact]
    public async Task NothingOfADebtorIsAdmitted_WhileTheRestOpens()
    {
        var ledgers = new[] { await File.OpenAsync(), await File.OpenAsync() };
        await LedgerFile.AdmitAsync(ledgers[0], File.Order("u1"));
        var stop = await File.EngageAsync(ledgers[0], "SYSTEM");
        await File.ProgressAsync(ledgers[0], stop, StopState.Outstanding);
        var admitted = new ConcurrentBag<Order>();
        using var ending = new CancellationTokenSource();
        var traders = Enumerable.Range(0, 16).Select(i => TradeAsync(ledgers[i % 2], new(i), admitted, ending.Token)).ToArray();
        var request = new ReleaseRequest(stop.Id, LedgerFile.Officer, "trade on", false, File.Now) { DespiteOutstanding = true };
        var narrowed = Assert.IsType<ReleaseAnswer.Narrowed>(
            await ledgers[1].NarrowAsync(request, ImmutableDictionary<AccountId, UserId>.Empty, None));
        await UntilAdmittedAsync(admitted);
        await ending.CancelAsync();
        await Task.WhenAll(traders);

        Assert.NotEmpty(admitted);
        Assert.All(admitted, o => Assert.True(o.Number > narrowed.Stop.Narrowed!.Number && o.Terms.User.Value != "u1", $"{o.Number} {o.Terms.User}"));
    }

    private async Task TradeAsync(StoredLedger ledger, Random random, ConcurrentBag<Order> admitted, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            var order = File.Order($"u{random.Next(1, 4)}", $"s{random.Next(1, 3)}", random.Next(2) == 0 ? "BTC-USD" : "ETH-USD");
            if (await ledger.AdmitAsync(order, None) is AdmitAnswer.Admitted { Order: var row })
            {
                admitted.Add(row);
                await File.RecordAsync(ledger, row, OrderState.Cancelled);
            }
        }
    }

    /// <summary>Carves out as soon as nothing is owed in the part: orders on their way end meanwhile.</summary>
    private async Task ExceptAsync(StoredLedger ledger, Stop stop, StopTarget part)
    {
        for (var attempt = 0; attempt < 10_000; attempt++)
        {
            switch (await ledger.ExceptAsync(
                new(stop.Id, part, LedgerFile.Officer, "out", File.Now), ImmutableDictionary<AccountId, UserId>.Empty, None))
            {
                case ExceptAnswer.Done:
                    return;
                default:
                    await File.ProgressAsync(ledger, stop, StopState.Completed);
                    break;
            }
        }

        Assert.Fail($"{part} could not be carved out.");
    }

    private static async Task UntilAdmittedAsync(ConcurrentBag<Order> admitted)
    {
        for (var (before, i) = (admitted.Count, 0); admitted.Count < before + 3 && i < 3_000; i++)
        {
            await Task.Delay(2);
        }
    }
}
