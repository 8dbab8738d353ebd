using EmergencyStop.Ledger.Events;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Puts one event into the outbox, and answers its id.</summary>
internal sealed class PublishJob(LedgerEvent happened) : LedgerJob<long>
{
    private long _id;

    public override bool Run(LedgerTransaction transaction, Slice slice)
    {
        transaction.Publish(happened, id => _id = id);
        return true;
    }

    protected override long Result() => _id;
}
