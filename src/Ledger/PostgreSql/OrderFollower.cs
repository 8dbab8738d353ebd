namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Keeps memory abreast of what other processes do to orders, by the changes that they commit.</summary>
/// <remarks>
/// By changes and not by numbers: several processes admit side by side, and a lower number may be committed after a higher one.
/// An order is taken in as its row is by then, so that the last change read leaves it as it is.
/// </remarks>
internal sealed class OrderFollower(OrderMemory memory, EventHorizon horizon)
{
    /// <summary>Most pages of one look; the rest is read in the next.</summary>
    private const int MostPages = 10;

    private long _from;

    /// <summary>Begins after the last change that can be read in order; what is read into memory afterwards has everything up to there.</summary>
    public void Begin(PostgreSqlSession session) => _from = horizon.Settle(session);

    /// <summary>Reads on, as far as it can be read in order.</summary>
    /// <returns>Whether more is to be read.</returns>
    public bool Follow(PostgreSqlSession session)
    {
        var through = horizon.Safe;
        for (var pages = 0; _from < through && pages < MostPages; pages++)
        {
            var (last, orders) = RememberedRows.Changed(session, _from, through);
            memory.Learn(orders);
            _from = last;
        }

        return _from < through;
    }
}
