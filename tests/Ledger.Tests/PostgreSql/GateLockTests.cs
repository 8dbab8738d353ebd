using System.Diagnostics;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.PostgreSql;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Ledger.Tests.Contract;
using Npgsql;
using Xunit.Abstractions;

namespace EmergencyStop.Ledger.Tests.PostgreSql;

/// <summary>What the gate lock is for, seen from beside: an engage that is not committed yet, and processes that stand still.</summary>
[Collection(AloneCollection.Name)]
public sealed class GateLockTests(ITestOutputHelper output) : PostgreSqlTest
{
    private const string FreshSnapshotOnly = "PERFORM pg_advisory_xact_lock_shared(18771, 1);";
    private const int Attempts = 10;
    private const int MostAttempts = 30;

    /// <summary>What issue and design allow, in milliseconds.</summary>
    private const double AtMost = 300;

    /// <summary>A stop that nobody delays takes no longer, in milliseconds, where the machine is not busy.</summary>
    private const double Calm = 30;

    [SkippableFact]
    public async Task AnAdmissionParkedBehindAnUncommittedEngage_IsRefusedOnceItCommits()
    {
        var at = await DatabaseAsync();
        var ledger = await OpenAsync(at);
        await LedgerFile.AdmitAsync(ledger, Words.Order("bob")); // Its plans are made.
        var engaging = Session(at);
        Engage(engaging, "USER:alice");

        var admitting = ledger.AdmitAsync(Words.Order(), None).AsTask();
        await UntilAsync(at, SomebodyWaits);
        Assert.False(admitting.IsCompleted);
        engaging.Execute("COMMIT");

        var refused = Assert.IsType<AdmitAnswer.GateClosed>(await admitting);
        Assert.Equal("parked", refused.By.Stop.Value);
        Assert.Equal(1, ledger.Gate.Held); // What was answered is shown.
    }

    /// <summary>Under a snapshot that is older than the lock, the latch is not seen. This is the hole that the function refuses to be run with.</summary>
    [SkippableFact]
    public async Task AnAdmissionThatReadsFromBeforeItsLock_WouldPassTheGate_AndIsNotRun()
    {
        var at = await DatabaseAsync();
        await OpenAsync(at);
        var admitting = Session(at);
        admitting.Execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
        var refused = Assert.Throws<PostgresException>(() => AdmitCall.Run(admitting, [Words.Order()], [true]));
        Assert.Contains("READ COMMITTED", refused.MessageText, StringComparison.Ordinal);
        admitting.Execute("ROLLBACK");

        using (var unguarded = Session(at))
        {
            unguarded.Execute(Function("ledger_admit(").Replace("PERFORM ledger_isolated();", string.Empty, StringComparison.Ordinal).Replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", StringComparison.Ordinal));
        }

        var engaging = Session(at);
        Engage(engaging, "USER:alice");
        var parked = Session(at);
        parked.Execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
        var passing = Task.Run(() => AdmitCall.Run(parked, [Words.Order()], [false]));
        await UntilAsync(at, SomebodyWaits);
        engaging.Execute("COMMIT");
        Assert.Equal(AdmitCall.Admitted, Assert.Single(await passing).Outcome);
    }

    /// <summary>SIGSTOP hits a process that holds what a stop waits for, in a transaction: the stop ends that one's connection.</summary>
    /// <remarks>What counts is measured between two stops that nobody delays and that are fast: the others measure how busy this machine is. Of all together the median must hold.</remarks>
    [SkippableTheory]
    [InlineData("SELECT pg_advisory_xact_lock_shared(18771, 1)")]
    [InlineData("SELECT pg_advisory_xact_lock(18771, 1)")]
    [InlineData("SELECT * FROM audit_head FOR UPDATE")]
    public async Task AProcessThatStandsStillInATransaction_DelaysAStopByAtMost300Ms(string holds)
    {
        var at = await DatabaseAsync();
        var ledger = await OpenAsync(at);
        await EngageAsync(ledger);
        var (all, counted) = (new List<double>(), new List<double>());
        for (var attempt = 0; attempt < MostAttempts && counted.Count < Attempts; attempt++)
        {
            var before = await EngageAsync(ledger);
            using var frozen = new FrozenProcess(at, $"BEGIN; SET idle_in_transaction_session_timeout = 0; {holds};");
            await frozen.ReachedAsync();
            frozen.Freeze();
            all.Add(await EngageAsync(ledger));
            var isCalm = before <= Calm && await EngageAsync(ledger) <= Calm;
            counted.AddRange(isCalm ? [all[^1]] : []);
            output.WriteLine($"{all[^1]:0} ms{(isCalm ? string.Empty : ", on a busy machine")}");
        }

        Assert.All(counted, took => Assert.InRange(took, 0, AtMost));
        Assert.InRange(all.Order().ElementAt(all.Count / 2), 0, AtMost);
    }

    /// <summary>SIGSTOP hits a process amid the calls that admit. The server finishes the one under way without it.</summary>
    [SkippableFact]
    public async Task AProcessThatStandsStillAmidItsAdmissions_DelaysNoStop()
    {
        var at = await DatabaseAsync();
        var ledger = await OpenAsync(at);
        await EngageAsync(ledger);
        const string order = "ARRAY['p-' || gen_random_uuid()], ARRAY['bob'], ARRAY[1::smallint], ARRAY['s1'], ARRAY['AAPL'], ARRAY[0::smallint], ARRAY[0::smallint], ARRAY['1'], "
            + "ARRAY[NULL], ARRAY[NULL], ARRAY[NULL], ARRAY[NULL], ARRAY[0::smallint], ARRAY[0::smallint], ARRAY[0::smallint], ARRAY[NULL], ARRAY['bob'], ARRAY[1::bigint], ARRAY[false], NULL, NULL, NULL, NULL";
        var took = new List<double>();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            using var admitting = new FrozenProcess(at, $"SELECT outcome FROM ledger_admit({order}); \\echo there\n SELECT outcome FROM ledger_admit({order}) \\watch 0.001");
            await admitting.ReachedAsync();
            admitting.Freeze();
            took.Add(await EngageAsync(ledger));
        }

        output.WriteLine(string.Join(", ", took.Select(t => $"{t:0}")));
        Assert.InRange(took.Order().ElementAt(took.Count / 2), 0, AtMost / 2);
    }

    /// <summary>The witness of the test above: with nobody to free the gate, a stop waits until it is given up.</summary>
    [SkippableFact]
    public async Task WithoutTheRemedy_AStopWaitsForTheFrozenProcess()
    {
        var at = await DatabaseAsync();
        var ledger = await OpenAsync(at, configure: o => o.WriteTimeout = TimeSpan.FromSeconds(1));
        using (var session = Session(at))
        {
            session.Execute("CREATE OR REPLACE FUNCTION ledger_free(a_waiting integer, a_longest interval) RETURNS integer LANGUAGE sql AS $$ SELECT 0 $$");
        }

        using var frozen = new FrozenProcess(at, "BEGIN; SET idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock_shared(18771, 1);");
        await frozen.ReachedAsync();
        frozen.Freeze();
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.EngageAsync(Words.NewStop(), Words.Request("USER:alice"), None).AsTask());
    }

    [SkippableFact]
    public async Task Stops_WhoseTransactionsWait_AreNotEndedByEachOther()
    {
        var at = await DatabaseAsync();
        var ledgers = new[] { await OpenAsync(at), await OpenAsync(at), await OpenAsync(at) };
        using var frozen = new FrozenProcess(at, "BEGIN; SET idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock_shared(18771, 1);");
        await frozen.ReachedAsync();
        frozen.Freeze();
        var answers = await Task.WhenAll(ledgers.Select((l, i) => l.EngageAsync(Words.NewStop(), Words.Request($"USER:u{i}"), None).AsTask()));
        Assert.All(answers, a => Assert.IsType<EngageAnswer.Engaged>(a));
    }

    /// <returns>How long it took, in milliseconds.</returns>
    private async Task<double> EngageAsync(PostgreSqlLedger ledger)
    {
        Words.Time.Advance(TimeSpan.FromMinutes(1)); // So that it is no repeat.
        var start = Stopwatch.GetTimestamp();
        Assert.IsType<EngageAnswer.Engaged>(await ledger.EngageAsync(Words.NewStop(), Words.Request("USER:alice"), None));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private void Engage(PostgreSqlSession session, string target)
    {
        session.Execute("BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0");
        using var rows = session.Together([EngageCall.Of(StopId.Parse("parked"), EngageWords.Normal(Words.Request(target)), Words.Now, null)]);
        Assert.True(rows.Read());
    }

    private static string Function(string name)
    {
        using var script = typeof(PostgreSqlLedger).Assembly.GetManifestResourceStream("EmergencyStop.Ledger.PostgreSql.Schema.0002-gate.sql")!;
        using var reader = new StreamReader(script);
        var text = reader.ReadToEnd();
        Assert.Contains(FreshSnapshotOnly, text, StringComparison.Ordinal);
        var start = text.IndexOf($"CREATE FUNCTION {name}", StringComparison.Ordinal);
        var end = text.IndexOf("\n$$;", start, StringComparison.Ordinal);
        return text[start..(end + 4)];
    }
}
