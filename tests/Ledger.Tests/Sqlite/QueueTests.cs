using System.Buffers.Binary;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Ledger.Tests.Contract;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Microsoft.Data.Sqlite;

namespace EmergencyStop.Ledger.Tests.Sqlite;

/// <summary>Who waits for whom, seen by numbers and by the log's commits, not by the clock. Another connection holds the lock while work is queued.</summary>
public sealed class QueueTests : LedgerTest
{
    [Fact]
    public async Task AnEngage_GoesBeforeQueuedAdmissions()
    {
        var ledger = await File.OpenAsync();
        List<Task<AdmitAnswer>> admissions;
        Task<EngageAnswer> engage;
        using (Hold())
        {
            admissions = [.. Enumerable.Range(0, 3_000).Select(_ => ledger.AdmitAsync(File.Order(), None).AsTask())];
            engage = ledger.EngageAsync(File.NewStop(), File.Request("USER:alice"), None).AsTask();
        }

        Assert.Equal(1, Assert.IsType<EngageAnswer.Engaged>(await engage).Stop.Number);
        Assert.All(await Task.WhenAll(admissions), a => Assert.IsType<AdmitAnswer.GateClosed>(a));
    }

    [Fact]
    public async Task ASweep_LetsEngagesAndAdmissionsIn()
    {
        var ledger = await File.OpenAsync();
        var orders = await Task.WhenAll(Enumerable.Range(0, 4_000).Select(_ => LedgerFile.AdmitAsync(ledger, File.Order())));
        var stop = await File.EngageAsync(ledger, "USER:alice");
        Task<System.Collections.Immutable.ImmutableArray<Order>> sweep;
        Task<Order> admitted;
        Task<EngageAnswer> engage;
        using (Hold())
        {
            sweep = ledger.RecordSweepAsync(
                stop.Id,
                [.. orders.Select(o => File.Evidence(o, OrderState.Cancelled))],
                [.. orders.Select(o => File.Outcome(o, OutcomeKind.Cancelled))],
                None);
            admitted = LedgerFile.AdmitAsync(ledger, File.Order("bob"));
            engage = ledger.EngageAsync(File.NewStop(), File.Request("USER:carol"), None).AsTask();
        }

        var second = Assert.IsType<EngageAnswer.Engaged>(await engage).Stop.Number;
        var rows = await sweep;
        var actions = (await ledger.AuditAsync(0, 1_000, None)).Select(e => e.Entry.Action).Where(a => a.StartsWith("stop.", StringComparison.Ordinal));

        Assert.Equal(["stop.engaged", "stop.engaged", "stop.outcomes"], actions.Take(3));
        Assert.All(rows, r => Assert.True(r.EndedAfter >= second));
        Assert.Contains(rows, r => r.EndedAfter >= 4_003);
        Assert.Equal(second + 1, (await admitted).Number);
    }

    [Fact]
    public async Task WhatWaits_IsCommittedTogether()
    {
        var ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order());
        var before = Commits();
        List<Task> work = [];
        using (Hold())
        {
            work.AddRange(Enumerable.Range(0, 50).Select(i => ledger.EngageAsync(File.NewStop(), File.Request($"USER:u{i}"), None).AsTask()));
            work.AddRange(Enumerable.Range(0, 500).Select(_ => ledger.AdmitAsync(File.Order(), None).AsTask()));
        }

        await Task.WhenAll(work);

        Assert.InRange(Commits() - before, 2, 60);
    }

    [Fact]
    public async Task AFullQueue_RefusesAdmissions_AndNeverEngages()
    {
        var ledger = await File.OpenAsync(o => o.QueueLimit = 100);
        List<Task<AdmitAnswer>> admissions;
        Task<EngageAnswer> engage;
        using (Hold())
        {
            admissions = [.. Enumerable.Range(0, 300).Select(_ => ledger.AdmitAsync(File.Order("bob"), None).AsTask())];
            engage = ledger.EngageAsync(File.NewStop(), File.Request("USER:alice"), None).AsTask();
        }

        Assert.IsType<EngageAnswer.Engaged>(await engage);
        var refused = 0;
        foreach (var admission in admissions)
        {
            refused += await Record.ExceptionAsync(() => admission) is LedgerUnavailableException ? 1 : 0;
        }

        Assert.InRange(refused, 100, 200);
    }

    [Fact]
    public async Task AFailingJob_FailsAlone()
    {
        var ledger = await File.OpenAsync();
        var key = new Ledger.Access.ApiKey("key", "name", EmergencyStop.Access.Role.Admin, null, File.Now, null);
        Task good;
        Task bad;
        Task<AdmitAnswer> admission;
        using (Hold())
        {
            good = ledger.AddKeyAsync(key, "hash", None);
            bad = ledger.AddKeyAsync(key, "other", None);
            admission = ledger.AdmitAsync(File.Order(), None).AsTask();
        }

        await good;
        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        Assert.IsType<AdmitAnswer.Admitted>(await admission);
        Assert.Null((await ledger.VerifyAuditAsync(None)).FirstBroken);
        Assert.Single(await ledger.AuditAsync(1, 10, None));
    }

    /// <summary>Takes the write lock until it is disposed.</summary>
    private Holding Hold()
    {
        var connection = new SqliteConnection($"Data Source={File.Path};Pooling=False");
        connection.Open();
        return new(connection, connection.BeginTransaction(deferred: false));
    }

    /// <summary>Counts the commits in the log.</summary>
    private int Commits()
    {
        using var stream = new FileStream(File.Path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var header = new byte[32];
        stream.ReadExactly(header);
        var frame = new byte[24 + 4096];
        var commits = 0;
        while (stream.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length
            && frame.AsSpan(8, 8).SequenceEqual(header.AsSpan(16, 8)))
        {
            commits += BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4)) != 0 ? 1 : 0;
        }

        return commits;
    }

    private sealed class Holding(SqliteConnection connection, SqliteTransaction transaction) : IDisposable
    {
        public void Dispose()
        {
            transaction.Dispose();
            connection.Dispose();
        }
    }
}
