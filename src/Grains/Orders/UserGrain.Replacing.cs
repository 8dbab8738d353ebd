using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues.Accounts;

namespace EmergencyStop.Grains.Orders;

/// <content>Putting an order in the place of another.</content>
public sealed partial class UserGrain
{
    /// <inheritdoc/>
    public async Task<PlaceAnswer> ReplaceAsync(
        OrderId old, OrderChanges changes, ClientOrderId? clientOrderId, CancellationToken cancellationToken)
    {
        if (await ledger.FindOrderAsync(old, cancellationToken) is not { } resting || resting.Terms.User != _book.User)
        {
            return new PlaceAnswer.NotReplaceable(null, "There is no such order.");
        }

        if (_book.Named is { Mode: AccountMode.Watch })
        {
            return new PlaceAnswer.AccountWatched(_book.Account);
        }

        if (brake.First is { } held)
        {
            return new PlaceAnswer.Unrecorded(held.Id, held.Target);
        }

        // The same replacement again is the same answer, also once the order that it replaced has ended.
        var terms = changes.Over(resting.Terms, clientOrderId);
        return await StandingAsync(terms, cancellationToken)
            ?? OrderReplacing.Check(resting, terms, venue.Description)
            ?? await AdmitAsync(terms, past: null, 0, resting, cancellationToken);
    }
}
