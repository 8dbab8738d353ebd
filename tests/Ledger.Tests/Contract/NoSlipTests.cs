using System.Collections.Concurrent;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Contract;

/// <summary>Law 1, on real files and real threads.</summary>
public abstract class NoSlipTests(LedgerKind kind) : LedgerTest(kind)
{
    private const int MostAttempts = 5;

    private static readonly string[] Targets = ["SYSTEM", "USER:u1", "STRATEGY:s1", "SYMBOL:BTC-USD", "USER:u2/SYMBOL:ETH-USD"];

    [SkippableTheory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    public async Task NoOrderPassesAClosedGate(int seed, int processes)
    {
        var ledgers = new List<StoredLedger>();
        for (var i = 0; i < processes; i++)
        {
            ledgers.Add(await File.OpenAsync());
        }

        var history = new ConcurrentBag<Happening>();
        using var ending = new CancellationTokenSource();
        var traders = Enumerable.Range(0, 24).Select(i => TradeAsync(ledgers[i % processes], new(seed * 100 + i), history, ending.Token)).ToArray();
        var officers = Enumerable.Range(0, 3).Select(i => StopAndReleaseAsync(ledgers[^1], new(seed * 1000 + i), history, 40)).ToArray();
        await Task.WhenAll(officers);
        await ending.CancelAsync();
        await Task.WhenAll(traders);

        Assert.Empty(Slips(history));
        Assert.Contains(history, h => h.Order is not null);
        Assert.Contains(history, h => h.Refused);
    }

    /// <summary>Every order that broke the law: by its number between an engage and its release, or by being acknowledged after the engage was.</summary>
    private static IEnumerable<string> Slips(IReadOnlyCollection<Happening> history)
    {
        var stops = history.Where(h => h.Stop is not null).ToList();
        foreach (var admitted in history)
        {
            if (admitted.Order is not { } order)
            {
                continue;
            }

            foreach (var engaged in stops)
            {
                var stop = engaged.Stop!; // Filtered above.
                var released = engaged.Released ?? long.MaxValue;
                if (stop.Covers(order.Terms) && order.Number > stop.Number && order.Number < released)
                {
                    yield return $"{order.Id} number {order.Number} passed {stop.Target} of {stop.Number}..{released}.";
                }

                if (stop.Covers(order.Terms) && admitted.Began > engaged.Ended && admitted.Ended < engaged.ReleaseBegan)
                {
                    yield return $"{order.Id} was admitted while {stop.Id} on {stop.Target} was acknowledged.";
                }
            }
        }
    }

    private async Task TradeAsync(StoredLedger ledger, Random random, ConcurrentBag<Happening> history, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            var order = File.Order($"u{random.Next(3)}", $"s{random.Next(3)}", random.Next(2) == 0 ? "BTC-USD" : "ETH-USD");
            var began = TimeProvider.System.GetTimestamp();
            var answer = await ledger.AdmitAsync(order, None);
            history.Add(new(began, TimeProvider.System.GetTimestamp(), (answer as AdmitAnswer.Admitted)?.Order, answer is AdmitAnswer.GateClosed, null));
        }
    }

    private async Task StopAndReleaseAsync(StoredLedger ledger, Random random, ConcurrentBag<Happening> history, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            var id = File.NewStop();
            var answer = await ledger.EngageAsync(
                id, File.Request(Targets[random.Next(Targets.Length)], new(CancelOrders: false), key: id.Value), None);
            var stop = Assert.IsType<EngageAnswer.Engaged>(answer).Stop;
            var engaged = new Happening(began, TimeProvider.System.GetTimestamp(), null, false, stop);
            await Task.Delay(random.Next(5));
            await File.ProgressAsync(ledger, stop, StopState.Completed);
            engaged.ReleaseBegan = TimeProvider.System.GetTimestamp();
            engaged.Released = Assert.IsType<ReleaseAnswer.Released>(await ReleaseAsync(ledger, stop)).Stop.Release!.Number;
            history.Add(engaged);
        }
    }

    /// <summary>On a busy machine a release may stand still for so long that another stop ends its connection; then nothing of it stands, and it is asked for again.</summary>
    private async Task<ReleaseAnswer> ReleaseAsync(StoredLedger ledger, Stop stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await File.ReleaseAsync(ledger, stop);
            }
            catch (LedgerUnavailableException) when (attempt < MostAttempts)
            {
            }
        }
    }

    private sealed record Happening(long Began, long Ended, Order? Order, bool Refused, Stop? Stop)
    {
        public long? Released { get; set; }

        public long ReleaseBegan { get; set; } = long.MaxValue;
    }
}
