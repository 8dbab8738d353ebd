using System.Diagnostics;

namespace EmergencyStop.Load;

/// <summary>1,000 orders of one user: cancelled, recorded and answered.</summary>
internal static class StopMeasure
{
    private const int Orders = 1000;
    private const int Rounds = 11;
    private const int Warmup = 10;

    public static async Task RunAsync(Report report)
    {
        await using var bench = await Bench.StartAsync();
        foreach (var (latency, floor) in ((int, double)[])[(0, 100), (5, 150)])
        {
            var (answered, gate) = (new Samples(), new Samples());
            for (var round = 0; round < Rounds + Warmup; round++)
            {
                var user = $"user-{latency}-{round}";
                bench.Faults.Change(f => f with { Latency = TimeSpan.Zero });
                await bench.PlaceManyAsync(Orders, _ => Bench.Resting(user));
                bench.Faults.Change(f => f with { Latency = TimeSpan.FromMilliseconds(latency) });
                var began = Stopwatch.GetTimestamp();
                var result = await bench.StopAsync($"USER:{user}");
                var took = Stopwatch.GetElapsedTime(began);
                if (!result.Success || result.OrdersCancelled != Orders)
                {
                    throw new InvalidOperationException(result.Message);
                }

                if (round >= Warmup)
                {
                    answered.Add(took);
                    gate.Add(result.GateClosedMs);
                }
            }

            Report.Say($"{latency} ms venue: gate closed, median", $"{gate.Median:0.000} ms");
            report.AtMost($"{latency} ms venue: {Orders} orders cancelled, recorded, answered, median", answered.Median, Bench.FloorOfDefault(floor), "ms");
        }
    }
}
