using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;

namespace EmergencyStop.Grains.Orders;

/// <summary>Orders whose admission the ledger did not answer: it may have been carried out, and only this activation would ever have sent them. It never will, and says so (law 4).</summary>
/// <remarks>
/// A commit may reach the ledger after the attestation, which an id that is not there leaves without a trace. So it is said
/// again until the order is seen, or until an order admitted then could not be sent any more and the ledger does not know it.
/// </remarks>
/// <param name="ledger">Who is told.</param>
/// <param name="time">The clock.</param>
/// <param name="keepFor">How long an order that the ledger does not know is spoken of: the send window and a little.</param>
internal sealed class Attestations(ILedger ledger, TimeProvider time, TimeSpan keepFor)
{
    /// <summary>Beyond so many nothing is admitted: a ledger that is down must not fill the memory of those who go on asking.</summary>
    public const int Most = 1000;

    private readonly Dictionary<OrderId, (OrderEvidence Evidence, long Since)> _kept = [];

    private bool _telling;

    /// <summary>Whether the ledger is still to be told of any.</summary>
    public bool Any => _kept.Count > 0;

    /// <summary>Whether there is no room for another.</summary>
    public bool IsFull => _kept.Count >= Most;

    /// <summary>What is said of an order; <c>null</c> where nothing is.</summary>
    public OrderEvidence? Of(OrderId order) => _kept.TryGetValue(order, out var kept) ? kept.Evidence : null;

    /// <summary>Says of an order that it never left and never will.</summary>
    public void Add(OrderId order) => _kept[order] = (
        new(order, OrderState.NeverSent, time.GetUtcNow(), Reason: "attested: the ledger did not answer its admission, so it was not sent"),
        time.GetTimestamp());

    /// <summary>Tells the ledger of all of them; what it cannot take is kept.</summary>
    /// <returns>The rows of those that the ledger knows.</returns>
    public async Task<ImmutableArray<Order>> HandOverAsync()
    {
        if (!Any || _telling)
        {
            return [];
        }

        _telling = true;
        var began = time.GetTimestamp();
        var told = _kept.Values.ToArray();
        try
        {
            var rows = await ledger.RecordAsync([.. told.Select(k => k.Evidence)], CancellationToken.None);
            foreach (var row in rows)
            {
                _kept.Remove(row.Id);
            }

            foreach (var kept in told.Where(k => time.GetElapsedTime(k.Since, began) > keepFor))
            {
                _kept.Remove(kept.Evidence.Order);
            }

            return rows;
        }
        catch (LedgerUnavailableException)
        {
            return [];
        }
        finally
        {
            _telling = false;
        }
    }
}
