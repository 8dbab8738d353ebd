using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Venues;
using Orleans;

namespace EmergencyStop.Grains.Orders;

/// <content>Following orders until it is known what became of them.</content>
public sealed partial class UserGrain
{
    /// <summary>Hands over what the ledger could not take before; what it cannot take now either is found unclear by some process's <see cref="OrderRecovery"/>.</summary>
    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _book.RecordLeftoversAsync();

    /// <inheritdoc/>
    public async Task LookForAsync(ImmutableArray<OrderId> orders)
    {
        var found = await venue.FindOrdersAsync(_book.Account, orders, CancellationToken.None);
        await _keeper.ObserveAsync([.. orders.Select(id => found.GetValueOrDefault(id)).OfType<Reading<VenueOrderReport>.Value>().Select(r => r.Is)]);
    }

    /// <inheritdoc/>
    public async Task WakeAsync()
    {
        await TryLoadAsync(CancellationToken.None);
        _keeper.Keep();
    }

    /// <summary>The answer for an order that was there before. One that this activation did not send when it was first asked for is ended by it first.</summary>
    private async Task<PlaceAnswer> RepeatedAsync(Order order)
    {
        if (_book.Attested.Of(order.Id) is not { } attested)
        {
            return new PlaceAnswer.Admitted(order, Repeated: true);
        }

        return await _book.RecordAsync(attested) is [var ended, ..]
            ? new PlaceAnswer.Admitted(ended, Repeated: true)
            : new PlaceAnswer.Unavailable("The ledger cannot be written, so nothing is admitted.");
    }

    private async Task<bool> TryLoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _book.LoadAsync(cancellationToken);
            _loaded = true;
            _keeper.Keep();
        }
        catch (LedgerUnavailableException)
        {
            // Without the ledger nothing is admitted; sweeps bring their rows along.
            _loaded = false;
        }

        return _loaded;
    }
}
