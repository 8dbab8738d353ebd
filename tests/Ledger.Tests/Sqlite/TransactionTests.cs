using EmergencyStop.Ids;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Sqlite;

public sealed class TransactionTests : LedgerTest
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void AJobThatGoesBack_LeavesNumbersAuditAndViewAsTheyWere()
    {
        using var session = LedgerSchema.Open(new() { Path = File.Path });
        var transaction = new WriteTransaction(session, new(), new OrderEventBell());
        transaction.Begin(mayWait: true);
        var first = transaction.DrawNumber();
        transaction.AppendAudit(new(At, "a", "first", "s", "{}"));
        transaction.Save();
        transaction.DrawNumber();
        transaction.AppendAudit(new(At, "a", "second", "s", "{}"));
        transaction.ChangeView(transaction.View.With(ALatch(2)));
        transaction.GoBack();
        Assert.Equal(0, transaction.View.Held);
        transaction.AppendAudit(new(At, "a", "third", "s", "{}"));
        var view = transaction.Commit();

        var gate = GateRows.Read(session);
        Assert.Equal((first, first, 2L, 0), (view.Number, gate.Number, gate.AuditSequence, view.Held));
        Assert.Equal(["first", "third"], AuditRows.After(session, 0, 10).Select(e => e.Entry.Action));
        Assert.Null(Ledger.Audit.AuditChain.Verify(AuditRows.Stream(session), gate.AuditSequence, gate.AuditHash).FirstBroken);
    }

    [Fact]
    public void AfterAnAbandonedTransaction_TheGateIsReadAgain()
    {
        using var session = LedgerSchema.Open(new() { Path = File.Path });
        var transaction = new WriteTransaction(session, new(), new OrderEventBell());
        transaction.Begin(mayWait: true);
        transaction.DrawNumber();
        transaction.ChangeView(transaction.View.With(ALatch(1)));
        transaction.Abandon();
        Assert.True(transaction.IsStale());

        transaction.Begin(mayWait: true);
        Assert.Equal((0, 0L), (transaction.View.Held, transaction.Number));
        transaction.Commit();
    }

    private static Latch ALatch(long number) =>
        new(StopId.Parse("stop"), StopTarget.System, number, EmergencyStopReason.UserInitiated, "because", At, "officer");
}
