using System.Diagnostics;
using EmergencyStop.Ids;

namespace EmergencyStop.Load;

/// <summary>Admissions per second: through the ledger's gate alone, and whole orders through grain, gate, venue and record.</summary>
internal static class AdmissionMeasure
{
    private const int Callers = 512;
    private const int Runs = 5;
    private static readonly TimeSpan RunTime = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(Report report)
    {
        await using var bench = await Bench.StartAsync();
        var gate = new Samples();
        var whole = new Samples();
        for (var run = 0; run < Runs; run++)
        {
            gate.Add(await RateAsync((caller, i) => AdmitAsync(bench, $"o-{run}-{caller}-{i}", $"user{caller}")));
            whole.Add(await RateAsync((caller, _) => bench.PlaceAsync(Bench.Resting($"user{caller}"))));
        }

        report.AtLeast("admissions through the gate, median of 5 runs", gate.Median, Bench.FloorOfDefault(20_000), "/s");
        Report.Say("whole orders (grain, gate, venue in process, record)", $"{whole.Median:0} /s");
    }

    private static async Task<double> RateAsync(Func<int, int, Task> act)
    {
        var done = 0L;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            await Task.Yield();
            for (var i = 0; Stopwatch.GetElapsedTime(began) < RunTime; i++)
            {
                await act(caller, i);
                Interlocked.Increment(ref done);
            }
        }));
        return done / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task AdmitAsync(Bench bench, string id, string user) => await bench.Ledger.AdmitAsync(
        new(OrderId.Parse(id), Bench.Resting(user), AccountId.Parse(user), TimeProvider.System.GetUtcNow()), CancellationToken.None);
}
