using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Ledger.Tests.Contract;
using EmergencyStop.Ledger.Tests.Sqlite;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Braking;

/// <summary>A spooled stop is recorded once, as it was asked; what stands is never latched anew.</summary>
public sealed class ReplayTests : LedgerTest
{
    [Fact]
    public async Task AbsentStop_IsRecordedAsItWasAsked_AndClosesTheGate()
    {
        var ledger = await File.OpenAsync();
        var spooled = Spooled("USER:alice", key: "k1");
        var owed = await LedgerFile.AdmitAsync(ledger, File.Order());
        File.Time.Advance(TimeSpan.FromMinutes(10));

        var stop = Assert.IsType<EngageAnswer.Engaged>(await ledger.ReplayAsync(spooled, "a note", None)).Stop;

        Assert.Equal((spooled.Id, spooled.Request), (stop.Id, stop.Request));
        Assert.True(stop.Number > owed.Number);
        Assert.Single(await ledger.OwedAsync(stop, false, null, None));
        Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(File.Order(), None));
        Assert.True(stop.Clocks.GateClosed >= TimeSpan.FromMinutes(10));
        var audit = await ledger.AuditAsync(0, 100, None);
        Assert.Contains(audit, e => e.Entry is { Action: "stop.engaged" } && e.Entry.Subject == stop.Id.Value);
        var replayed = Assert.Single(audit, e => e.Entry is { Action: "stop.replayed" });
        Assert.Equal(stop.Id.Value, replayed.Entry.Subject);
        Assert.Contains("a note", replayed.Entry.Details, StringComparison.Ordinal);
        Assert.Null((await ledger.VerifyAuditAsync(None)).FirstBroken);
    }

    [Fact]
    public async Task Twice_IsRecordedOnce()
    {
        var ledger = await File.OpenAsync();
        var spooled = Spooled("SYSTEM");
        await ledger.ReplayAsync(spooled, null, None);
        var again = Assert.IsType<EngageAnswer.Repeated>(await ledger.ReplayAsync(spooled, null, None)).Stop;

        Assert.Equal(spooled.Id, again.Id);
        Assert.Single(ledger.Gate.Latches);
        Assert.Single(await ledger.AuditAsync(0, 100, None), e => e.Entry is { Action: "stop.replayed" });
    }

    [Fact]
    public async Task StopWhoseEngageHadCommitted_IsTheSameStop_AndIsNotLatchedAgainAfterItsRelease()
    {
        var ledger = await File.OpenAsync();
        var spooled = Spooled("USER:alice");
        var engaged = Assert.IsType<EngageAnswer.Engaged>(await ledger.EngageAsync(spooled.Id, spooled.Request, None)).Stop;
        Assert.IsType<ReleaseAnswer.Released>(await File.FinishAsync(ledger, engaged));

        var replayed = Assert.IsType<EngageAnswer.Repeated>(await ledger.ReplayAsync(spooled, null, None)).Stop;

        Assert.NotNull(replayed.Release);
        Assert.Empty(ledger.Gate.Latches);
        Assert.IsType<AdmitAnswer.Admitted>(await ledger.AdmitAsync(File.Order(), None));
    }

    [Fact]
    public async Task SameKeyAndBody_IsTheStopThatStands() // law 6
    {
        var ledger = await File.OpenAsync();
        var first = Assert.IsType<EngageAnswer.Engaged>(await ledger.EngageAsync(File.NewStop(), File.Request("SYSTEM", key: "k", bodyHash: "b"), None)).Stop;
        var answer = await ledger.ReplayAsync(Spooled("SYSTEM", key: "k"), null, None);
        Assert.Equal(first.Id, Assert.IsType<EngageAnswer.Repeated>(answer).Stop.Id);
        Assert.Single(ledger.Gate.Latches);
    }

    [Fact]
    public async Task SameKeyForSomethingElse_HoldsAllTheSame_WithoutTheKey()
    {
        var ledger = await File.OpenAsync();
        await ledger.EngageAsync(File.NewStop(), File.Request("USER:bob", key: "k", bodyHash: "other"), None);
        var spooled = Spooled("SYSTEM", key: "k");
        var stop = Assert.IsType<EngageAnswer.Engaged>(await ledger.ReplayAsync(spooled, null, None)).Stop;
        Assert.Equal((spooled.Id, null), (stop.Id, stop.Request.IdempotencyKey));
        Assert.Equal(2, ledger.Gate.Held);
    }

    [Fact]
    public async Task KeylessStop_IsRecordedUnderItsOwnId_AlsoBesideAnotherPressOfTheSame()
    {
        var ledger = await File.OpenAsync();
        await ledger.EngageAsync(File.NewStop(), File.Request("SYSTEM"), None);
        var spooled = Spooled("SYSTEM");
        Assert.Equal(spooled.Id, Assert.IsType<EngageAnswer.Engaged>(await ledger.ReplayAsync(spooled, null, None)).Stop.Id);
    }

    [Fact]
    public async Task LockedLedger_IsUnavailable_AndTheReplayWorksAfterwards()
    {
        var ledger = await File.OpenAsync(o => o.BusyTimeout = TimeSpan.FromMilliseconds(100));
        var spooled = Spooled("SYSTEM");
        using (new LedgerLock(File.Path))
        {
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.ReplayAsync(spooled, null, None));
        }

        Assert.IsType<EngageAnswer.Engaged>(await LedgerFile.OnceUnlockedAsync(() => ledger.ReplayAsync(spooled, null, None)));
    }

    private SpooledStop Spooled(string target, string? key = null) =>
        new(File.NewStop(), File.Request(target, key: key, bodyHash: key is null ? null : "b"));
}
