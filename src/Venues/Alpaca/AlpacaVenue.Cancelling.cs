using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Sending;

namespace EmergencyStop.Venues.Alpaca;

/// <content>Cancels, out of the reserved share of the rate limit. Only a status read afterwards is evidence.</content>
public sealed partial class AlpacaVenue
{
    /// <inheritdoc/>
    public async ValueTask<CancelOutcome> CancelAsync(
        AccountId account, OrderId order, string? venueOrderId, CancellationToken cancellationToken)
    {
        if (venueOrderId is null)
        {
            switch (await FindOneAsync(account, order, CallKind.Cancelling, cancellationToken))
            {
                case Reading<VenueOrderReport>.Value({ State: OrderState.Open } open):
                    venueOrderId = open.VenueOrderId;
                    break;
                case Reading<VenueOrderReport>.Value(var ended):
                    return new CancelOutcome.Reported(ended);
                case Reading<VenueOrderReport>.Unreadable(var phase, var why):
                    return new CancelOutcome.Unknown(phase, why);
                default:
                    return new CancelOutcome.NotFound();
            }
        }

        var reply = await _calls.DeleteAsync(account, $"/v2/orders/{Uri.EscapeDataString(venueOrderId)}", cancellationToken);
        return reply.Status switch
        {
            >= 200 and < 300 => new CancelOutcome.Accepted(),
            404 => new CancelOutcome.NotFound(),
            422 => new CancelOutcome.NotCancelable(reply.Error().Message),
            _ => new CancelOutcome.Unknown(reply.Failure().Phase, reply.Failure().Reason),
        };
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Never tried again: one that arrives late would cancel orders of after its stop, and what it leaves is cancelled one by
    /// one. What a refused permit attests is written at <see cref="TrackedContent"/>.
    /// </remarks>
    public async ValueTask<MassCancelOutcome> CancelAllAsync(AccountId account, ISendPermit permit, CancellationToken cancellationToken)
    {
        var reply = await SendWithinAsync(account, CallKind.Cancelling, HttpMethod.Delete, "/v2/orders", [], permit, cancellationToken);
        var (phase, reason) = reply.Failure();
        if (!reply.IsGood)
        {
            return reply.HadNoEffect || reply is { IsAnswer: true, Status: >= 400 and < 500 and not 408 }
                ? new MassCancelOutcome.NotSent(phase, reason)
                : new MassCancelOutcome.Unknown(phase, reason);
        }

        if (reply.Body.Length == 0)
        {
            return new MassCancelOutcome.Answered(0, 0);
        }

        return reply.TryRead(AlpacaJson.Default.ImmutableArrayAlpacaCancelled, out var items) && !items.IsDefault
            ? new MassCancelOutcome.Answered(items.Length, items.Count(item => item.Status >= 300))
            : new MassCancelOutcome.Unknown(VenuePhase.Answer, "The venue's answer cannot be read.");
    }
}
