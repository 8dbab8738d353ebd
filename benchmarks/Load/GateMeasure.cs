using System.Diagnostics;
using EmergencyStop.Ids;

namespace EmergencyStop.Load;

/// <summary>Engage to gate closed, beside bare commits of the same disk; idle and under 10,000 admissions/s.</summary>
internal static class GateMeasure
{
    private const int Rounds = 300;
    private const int Warmup = 50;
    private const int AdmissionsPerSecond = 10_000;

    public static async Task RunAsync(Report report)
    {
        // The ledger alone: in the whole service these stops' flows would write meanwhile, and nothing would be idle.
        await using var bench = await Bench.StartAsync(ledgerOnly: true);
        await using var bare = bench.OpenBare();
        await MeasureAsync(bench, bare, "idle", report);

        using var ending = new CancellationTokenSource();
        var admitted = 0L;
        var load = Enumerable.Range(0, 10).Select(p => AdmitAsync(bench, p, () => Interlocked.Increment(ref admitted), ending.Token)).ToArray();
        await Task.Delay(500);
        var (from, began) = (Interlocked.Read(ref admitted), Stopwatch.GetTimestamp());
        await MeasureAsync(bench, bare, "loaded", report);
        var rate = (Interlocked.Read(ref admitted) - from) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await ending.CancelAsync();
        await Task.WhenAll(load);
        report.AtLeast("loaded: admissions/s meanwhile", rate, AdmissionsPerSecond * 0.95, "/s");
    }

    /// <summary>Bare commits and engages alternate, so that both meet the same moments of the disk.</summary>
    private static async Task MeasureAsync(Bench bench, Microsoft.Data.Sqlite.SqliteConnection bare, string when, Report report)
    {
        var (commits, engages) = (new Samples(), new Samples());
        using var insert = bare.CreateCommand();
        insert.CommandText = "INSERT INTO row(text) VALUES ('a stop, its latch and its audit entry')";
        for (var i = 0; i < Rounds + Warmup; i++)
        {
            var began = Stopwatch.GetTimestamp();
            insert.ExecuteNonQuery();
            var commit = Stopwatch.GetElapsedTime(began);
            var request = Bench.Request($"USER:nobody-{when}-{i}");
            began = Stopwatch.GetTimestamp();
            await bench.Ledger.EngageAsync(StopId.Parse($"s-{when}-{i}"), request, CancellationToken.None);
            var engage = Stopwatch.GetElapsedTime(began);
            if (i >= Warmup)
            {
                commits.Add(commit);
                engages.Add(engage);
            }

            await Task.Delay(2);
        }

        Report.Say($"{when}: bare commit, median / p99", $"{commits.Median:0.000} / {commits.P99:0.000} ms");
        Report.Say($"{when}: engage to gate closed, median / p99", $"{engages.Median:0.000} / {engages.P99:0.000} ms");
        report.AtMost($"{when}: engage in bare commits", engages.Median / commits.Median, 2, "commits");
    }

    /// <summary>One tenth of the load, in bursts of 10 ms.</summary>
    private static async Task AdmitAsync(Bench bench, int producer, Action admitted, CancellationToken ending)
    {
        var began = Stopwatch.GetTimestamp();
        var open = new List<Task>();
        for (var sent = 0; !ending.IsCancellationRequested;)
        {
            var due = (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * AdmissionsPerSecond / 10);
            for (; sent < due; sent++)
            {
                open.Add(OneAsync(bench, $"o-gate-{producer}-{sent}", $"user{(producer * 97) + (sent % 97)}", admitted));
            }

            open.RemoveAll(t => t.IsCompletedSuccessfully);
            await Task.Delay(5, CancellationToken.None);
        }

        await Task.WhenAll(open);
    }

    private static async Task OneAsync(Bench bench, string id, string user, Action admitted)
    {
        await bench.Ledger.AdmitAsync(new(OrderId.Parse(id), Bench.Resting(user), AccountId.Parse(user), TimeProvider.System.GetUtcNow()), CancellationToken.None);
        admitted();
    }
}
