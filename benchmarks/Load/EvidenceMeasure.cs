using System.Collections.Immutable;
using System.Diagnostics;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.PostgreSql;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Load;

/// <summary>What a SYSTEM sweep writes, evidence and outcome of each order, in the PostgreSQL ledger and in SQLite beside it.</summary>
internal static class EvidenceMeasure
{
    private const int Users = 100;
    private const int Rounds = 3;
    private const double Floor = 5_000;

    public static async Task RunAsync(PostgreSqlLedger database, Report report)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Environment.CurrentDirectory, "artifacts", $"load-{Environment.ProcessId}-{Environment.TickCount64}")).FullName;
        await using (var file = await SqliteLedger.OpenAsync(new SqliteLedgerOptions { Path = Path.Combine(folder, "ledger.db") }, TimeProvider.System))
        {
            foreach (var orders in (int[])[1_000, 10_000])
            {
                var (ofDatabase, ofFile) = (new Samples(), new Samples());
                for (var round = 0; round < Rounds; round++)
                {
                    var name = $"{Environment.TickCount64}-{orders}-{round}";
                    ofFile.Add(await RateAsync(file, name, orders));
                    ofDatabase.Add(await RateAsync(database, name, orders));
                }

                Report.Say($"a sweep of {orders:N0} orders of {Users} users, SQLite", $"{ofFile.Median:N0} orders/s");
                report.AtLeast($"a sweep of {orders:N0} orders of {Users} users, PostgreSQL", ofDatabase.Median, Floor, "orders/s");
            }

            Report.Say("evidence order by order, 256 under way, SQLite", $"{await OneByOneAsync(file):N0} /s");
            Report.Say("evidence order by order, 256 under way, PostgreSQL", $"{await OneByOneAsync(database):N0} /s");
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Each user's share is a call of its own, all at once, as the users' sweeps are.</summary>
    private static async Task<double> RateAsync(ILedger ledger, string name, int count)
    {
        var orders = await AdmitAsync(ledger, name, count);
        var stop = StopId.Parse($"sweep-{name}");
        var engaged = await ledger.EngageAsync(stop, Bench.Request($"SYMBOL:SWEEP-{name}"), CancellationToken.None);
        if (engaged is not EngageAnswer.Engaged)
        {
            throw new InvalidOperationException($"No stop: {engaged}");
        }

        var now = TimeProvider.System.GetUtcNow();
        var shares = orders.GroupBy(o => o.Terms.User).Select(share => (
            Evidence: share.Select(o => new OrderEvidence(o.Id, OrderState.Cancelled, now, 0, null, null)).ToImmutableArray(),
            Outcomes: share.Select(o => new ItemOutcome(ObligationKind.Order, o.Id.Value, OutcomeKind.Cancelled, now, TimeSpan.Zero)).ToImmutableArray())).ToList();
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(shares.Select(s => ledger.RecordSweepAsync(stop, s.Evidence, s.Outcomes, CancellationToken.None)));
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>As ordinary trading brings it: one piece at a time.</summary>
    private static async Task<double> OneByOneAsync(ILedger ledger)
    {
        var orders = await AdmitAsync(ledger, $"{Environment.TickCount64}-one", 2_000);
        var now = TimeProvider.System.GetUtcNow();
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(orders, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (order, _) =>
            await ledger.RecordAsync([new OrderEvidence(order.Id, OrderState.Cancelled, now, 0, null, null)], CancellationToken.None));
        return orders.Count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<List<Order>> AdmitAsync(ILedger ledger, string name, int count)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(i =>
        {
            var user = $"user{i % Users}";
            return ledger.AdmitAsync(
                new(OrderId.Parse($"o-{name}-{i}"), Bench.Resting(user), AccountId.Parse(user), TimeProvider.System.GetUtcNow()), CancellationToken.None).AsTask();
        }));
        return answers.Select(a => a is AdmitAnswer.Admitted admitted ? admitted.Order : throw new InvalidOperationException($"An order was not taken: {a}")).ToList();
    }
}
