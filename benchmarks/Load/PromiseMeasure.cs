using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Load;

/// <summary>The product's promises, over panics of ordinary books at a venue with 5 ms latency.</summary>
internal static class PromiseMeasure
{
    private const int Stops = 200;
    private const int Warmup = 10;
    private const int Orders = 20;

    public static async Task RunAsync(Report report)
    {
        await using var bench = await Bench.StartAsync();
        var (whole, cancels, pauses, closes) = (new Samples(), new Samples(), new Samples(), new Samples());
        var succeeded = 0;
        for (var i = 0; i < Stops + Warmup; i++)
        {
            var user = $"user{i}";
            bench.Faults.Change(f => f with { Latency = TimeSpan.Zero });
            await bench.PlaceManyAsync(Orders, n => Bench.Resting(user, $"{user}-s{n % 3}"));
            await bench.PlaceAsync(Bench.Resting(user, $"{user}-s0") with { Type = OrderType.Market, LimitPrice = null, Quantity = 5 });
            await bench.PlaceAsync(Bench.Resting(user, $"{user}-s1", "BTC-USD") with { Type = OrderType.Market, LimitPrice = null, Side = OrderSide.Sell });
            bench.Faults.Change(f => f with { Latency = TimeSpan.FromMilliseconds(5) });
            var result = await bench.StopAsync($"USER:{user}", StopOptions.Panic);
            if (i < Warmup)
            {
                continue;
            }

            succeeded += result.Success ? 1 : 0;
            whole.Add(result.ExecutionTimeMs);
            foreach (var outcome in await bench.Ledger.OutcomesAsync(result.StopId, CancellationToken.None))
            {
                (outcome.Kind switch
                {
                    ObligationKind.Order => cancels,
                    ObligationKind.Strategy => pauses,
                    _ => closes,
                }).Add(outcome.Duration);
            }
        }

        Report.Say("each panic", $"{Orders} orders, 3 strategies, 2 positions");
        report.AtMost("a stop, median", whole.Median, 150, "ms");
        report.AtMost("a cancel, p99", cancels.P99, 50, "ms");
        report.AtMost("a strategy pause, p99", pauses.P99, 100, "ms");
        report.AtMost("a position close, p99", closes.P99, 200, "ms");
        report.AtLeast("stops completed", 100.0 * succeeded / Stops, 99, "%");
    }
}
