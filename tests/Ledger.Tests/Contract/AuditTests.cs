using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Access;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class AuditTests(LedgerKind kind) : LedgerTest(kind)
{
    [SkippableFact]
    public async Task EveryChange_IsChained()
    {
        var ledger = await File.OpenAsync();
        await HappenAsync(ledger);

        var entries = await ledger.AuditAsync(0, 100, None);

        Assert.Equal(
            [
                "strategy.registered", "stop.engaged", "strategy.paused", "stop.outcomes", "stop.outcomes", "stop.progressed",
                "stop.released", "strategy.resumed", "key.created", "key.revoked", "caller.refused",
            ],
            entries.Select(e => e.Entry.Action));
        Assert.Equal(Enumerable.Range(1, entries.Length).Select(i => (long)i), entries.Select(e => e.Sequence));
        Assert.Equal(entries[..^1].Select(e => e.Hash), entries[1..].Select(e => e.PreviousHash));
        Assert.Equal(new(entries.Length, null, null), await ledger.VerifyAuditAsync(None));
        Assert.Equal(entries[4..6].Select(e => e.Sequence), (await ledger.AuditAsync(4, 2, None)).Select(e => e.Sequence));
    }

    [SkippableTheory]
    [InlineData("UPDATE audit SET at = at + 1 WHERE sequence = 4", 4)]
    [InlineData("UPDATE audit SET actor = 'nobody' WHERE sequence = 2", 2)]
    [InlineData("UPDATE audit SET action = 'stop.enjoyed' WHERE sequence = 2", 2)]
    [InlineData("UPDATE audit SET subject = subject || 'x' WHERE sequence = 1", 1)]
    [InlineData("UPDATE audit SET details = replace(details, 'SYSTEM', 'USER:bob') WHERE sequence = 2", 2)]
    [InlineData("UPDATE audit SET hash = previous_hash WHERE sequence = 11", 11)]
    [InlineData("DELETE FROM audit WHERE sequence = 5", 5)]
    [InlineData("DELETE FROM audit WHERE sequence = 1", 1)]
    [InlineData("DELETE FROM audit WHERE sequence >= 10", 10)]
    [InlineData("DELETE FROM audit", 1)]
    [InlineData("UPDATE audit SET sequence = 99 WHERE sequence = 11", 11)]
    [InlineData("INSERT INTO audit SELECT 12, at, actor, action, subject, details, hash, hash FROM audit WHERE sequence = 11", 12)]
    public async Task Verify_NamesTheFirstBrokenEntry(string tampering, long broken)
    {
        var ledger = await File.OpenAsync();
        await HappenAsync(ledger);
        Assert.True(File.Tamper(tampering) > 0);

        var verdict = await ledger.VerifyAuditAsync(None);

        Assert.Equal(broken, verdict.FirstBroken);
        Assert.NotNull(verdict.Why);
    }

    [SkippableFact]
    public async Task Verify_WhenTheWholeTailWasChainedAnew_FindsTheHeadMissing()
    {
        var ledger = await File.OpenAsync();
        await HappenAsync(ledger);
        var last = (await ledger.AuditAsync(0, 100, None))[^1];
        var forged = Ledger.Audit.AuditChain.Append(last.Sequence - 1, last.PreviousHash, last.Entry with { Actor = "nobody" });
        File.Tamper($"UPDATE audit SET actor = 'nobody', hash = '{forged.Hash}' WHERE sequence = {last.Sequence}");

        Assert.Equal(last.Sequence, (await ledger.VerifyAuditAsync(None)).FirstBroken);
    }

    [SkippableFact]
    public async Task Details_OfManyOutcomes_AreCountsAndAHash()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        var outcomes = Enumerable.Range(0, 1_000).Select(i => File.Outcome(ObligationKind.Order, $"o{i}", OutcomeKind.Cancelled));
        await ledger.RecordOutcomesAsync(stop.Id, [.. outcomes], None);

        var cuts = (await ledger.AuditAsync(0, 100, None)).Where(e => e.Entry.Action == "stop.outcomes").ToList();

        Assert.True(cuts.Count >= 4);
        Assert.Contains(cuts, c => c.Entry.Details.Contains("items_sha256", StringComparison.Ordinal));
        Assert.Equal(1_000, cuts.Sum(c => System.Text.Json.JsonDocument.Parse(c.Entry.Details).RootElement.GetProperty("counts").GetProperty("cancelled").GetInt32()));
    }

    private async Task HappenAsync(StoredLedger ledger)
    {
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        await ledger.PauseAsync(stop, [StrategyId.Parse("s1")], File.Now, None);
        await ledger.RecordSweepAsync(stop.Id, [File.Evidence(order, OrderState.Cancelled)], [File.Outcome(order, OutcomeKind.Cancelled)], None);
        await File.FinishAsync(ledger, stop, resume: true);
        await ledger.AddKeyAsync(new("key-1", "somebody's", Role.Viewer, null, File.Now, null), "hash", None);
        await ledger.RevokeKeyAsync("key-1", "admin", File.Now, None);
        await ledger.AppendAuditAsync(new(File.Now, "mallory", "caller.refused", "SYSTEM", "{\"why\":\"ünïcode \\u0000\"}"), None);
    }
}
