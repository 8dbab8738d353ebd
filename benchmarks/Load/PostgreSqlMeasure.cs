using System.Diagnostics;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.PostgreSql;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace EmergencyStop.Load;

/// <summary>Engage to gate closed on a PostgreSQL ledger, beside bare commits of the same server; idle, and under as many admissions a second as are asked for.</summary>
internal static class PostgreSqlMeasure
{
    private const int Rounds = 400;
    private const int Warmup = 50;
    private const int Producers = 10;

    public static async Task RunAsync(Report report)
    {
        var at = Environment.GetEnvironmentVariable("ConnectionStrings__Ledger")
            ?? throw new InvalidOperationException("Set ConnectionStrings__Ledger to a database that may be filled.");
        var options = new ConfigurationBuilder().AddEnvironmentVariables().Build().GetSection(PostgreSqlLedgerOptions.Section).Get<PostgreSqlLedgerOptions>() ?? new();
        await using var ledger = await PostgreSqlLedger.OpenAsync(at, options, alone: true, TimeProvider.System);
        await using var bare = new NpgsqlConnection(at + ";Pooling=false");
        await bare.OpenAsync();
        await using var make = new NpgsqlCommand("SET synchronous_commit = on; CREATE TABLE IF NOT EXISTS bare (text text)", bare);
        await make.ExecuteNonQueryAsync();
        var run = Environment.TickCount64;
        await MeasureAsync(ledger, bare, $"idle-{run}", "idle", report);
        await EvidenceMeasure.RunAsync(ledger, report);
        foreach (var rate in (int[])[2_000, 20_000])
        {
            await LoadedAsync(ledger, bare, run, rate, report);
        }
    }

    private static async Task LoadedAsync(PostgreSqlLedger ledger, NpgsqlConnection bare, long run, int rate, Report report)
    {
        using var ending = new CancellationTokenSource();
        var admitted = 0L;
        var load = Enumerable.Range(0, Producers)
            .Select(p => AdmitAsync(ledger, $"{run}-{rate}-{p}", rate / Producers, () => Interlocked.Increment(ref admitted), ending.Token)).ToArray();
        await Task.Delay(1_000);
        var (from, began) = (Interlocked.Read(ref admitted), Stopwatch.GetTimestamp());
        await MeasureAsync(ledger, bare, $"{rate}-{run}", $"{rate:N0}/s asked for", report);
        Report.Say($"{rate:N0}/s asked for: admissions/s meanwhile", $"{(Interlocked.Read(ref admitted) - from) / Stopwatch.GetElapsedTime(began).TotalSeconds:N0}");
        await ending.CancelAsync();
        await Task.WhenAll(load);
    }

    /// <summary>Bare commits and engages alternate, so that both meet the same moments of the server.</summary>
    private static async Task MeasureAsync(PostgreSqlLedger ledger, NpgsqlConnection bare, string name, string when, Report report)
    {
        var (commits, engages) = (new Samples(), new Samples());
        await using var insert = new NpgsqlCommand("INSERT INTO bare VALUES ('a stop, its latch and its audit entry')", bare);
        await insert.PrepareAsync();
        for (var i = 0; i < Rounds + Warmup; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await insert.ExecuteNonQueryAsync();
            var commit = Stopwatch.GetElapsedTime(began);
            began = Stopwatch.GetTimestamp();
            await ledger.EngageAsync(StopId.Parse($"s-{name}-{i}"), Bench.Request($"USER:nobody-{name}-{i}"), CancellationToken.None);
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
        report.AtMost($"{when}: engage in bare commits, p99", engages.P99 / commits.P99, 3, "commits");
    }

    private static async Task AdmitAsync(PostgreSqlLedger ledger, string name, int rate, Action admitted, CancellationToken ending)
    {
        const int most = 4_000; // What the server cannot take is not piled up.
        var began = Stopwatch.GetTimestamp();
        var open = new List<Task>();
        for (var sent = 0; !ending.IsCancellationRequested;)
        {
            for (var due = (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * rate); sent < due && open.Count < most; sent++)
            {
                open.Add(OneAsync(ledger, $"{name}-{sent}", $"user{sent % 97}", admitted));
            }

            open.RemoveAll(t => t.IsCompletedSuccessfully);
            await Task.Delay(5, CancellationToken.None);
        }

        await Task.WhenAll(open);
    }

    private static async Task OneAsync(PostgreSqlLedger ledger, string id, string user, Action admitted)
    {
        var order = new NewOrder(OrderId.Parse(id), Bench.Resting(user), AccountId.Parse(user), TimeProvider.System.GetUtcNow());
        if (await ledger.AdmitAsync(order, CancellationToken.None) is AdmitAnswer.Admitted)
        {
            admitted();
        }
    }
}
