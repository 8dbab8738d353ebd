using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Ledger.Tests.Contract;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Sqlite;

public sealed class TransactionTests : LedgerTest
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void AJobThatGoesBack_LeavesNumbersAuditAndViewAsTheyWere()
    {
        using var session = LedgerSchema.Open(new() { Path = File.Path });
        var bells = new CommitBells();
        var transaction = new WriteTransaction(session, new(), bells);
        transaction.Begin(mayWait: true);
        var first = transaction.DrawNumber();
        transaction.AppendAudit(new(At, "a", "first", "s", "{}"));
        transaction.Publish(AnEvent("kept"));
        transaction.Save();
        transaction.DrawNumber();
        transaction.AppendAudit(new(At, "a", "second", "s", "{}"));
        transaction.ChangeView(transaction.View.With(ALatch(2)));
        transaction.Publish(AnEvent("undone"));
        transaction.GoBack();
        Assert.Equal(0, transaction.View.Held);
        transaction.AppendAudit(new(At, "a", "third", "s", "{}"));
        var view = transaction.Commit();

        var gate = GateRows.Read(session);
        Assert.Equal((first, first, 2L, 0), (view.Number, gate.Number, gate.AuditSequence, view.Held));
        Assert.Equal(["first", "third"], AuditRows.After(session, 0, 10).Select(e => e.Entry.Action));
        Assert.Equal(["kept"], EventRows.Page(session, new(0)).Events.Select(e => e.Event.Subject));
        Assert.True(bells.Events.After(0).IsCompleted);
        Assert.False(bells.Events.After(1).IsCompleted);
        Assert.Null(Ledger.Audit.AuditChain.Verify(AuditRows.Stream(session), gate.AuditSequence, gate.AuditHash).FirstBroken);
    }

    [Fact]
    public void AfterAnAbandonedTransaction_TheGateIsReadAgain()
    {
        using var session = LedgerSchema.Open(new() { Path = File.Path });
        var transaction = new WriteTransaction(session, new(), new CommitBells());
        transaction.Begin(mayWait: true);
        transaction.DrawNumber();
        transaction.ChangeView(transaction.View.With(ALatch(1)));
        transaction.Abandon();
        Assert.True(transaction.IsStale());

        transaction.Begin(mayWait: true);
        Assert.Equal((0, 0L), (transaction.View.Held, transaction.Number));
        transaction.Commit();
    }

    private static LedgerEvent AnEvent(string subject) => new("risk.tested", subject, At, EventAudience.Desk, "{}");

    private static Latch ALatch(long number) =>
        new(StopId.Parse("stop"), StopTarget.System, number, EmergencyStopReason.UserInitiated, "because", At, "officer");
}
