using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Sending;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <content>Cancels. One of a single order takes effect whenever it arrives; a mass cancel arrives within its send window or never.</content>
public sealed partial class VenueLink
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public ValueTask<CancelOutcome> CancelAsync(AccountId account, OrderId order, string? venueOrderId, CancellationToken cancellationToken)
    {
        CancelOutcome Apply() => Venue.Cancel(account, order.Value, venueOrderId, Process.Name);
        if (Of(account).Strikes(VenueFault.CancelRepeated))
        {
            Venue.World.After(Again, Process, () => Venue.World.After(LongestUnwatched, null, () => Apply()));
        }

        return CallAsync(account, Apply, failure => Unanswered(account, order, failure), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<MassCancelOutcome> CancelAllAsync(AccountId account, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permit);
        if (Description.MassCancel == MassCancelScope.None)
        {
            return new(new MassCancelOutcome.NotSent(VenuePhase.Connect, "The venue has no mass cancel."));
        }

        MassCancelling?.Invoke();
        var sending = new MassCancelSending(Of(account), () => ApplyAll(account), permit);
        sending.Begin(cancellationToken);
        return new(sending.Task);
    }

    private MassCancelOutcome ApplyAll(AccountId account)
    {
        if (Bug == VenueBug.MassCancelOfAllAccounts)
        {
            for (var i = 0; i < Venue.Accounts.Count; i++)
            {
                if (Venue.Accounts[i].Id != account)
                {
                    Venue.CancelAll(Venue.Accounts[i].Id, Process.Name);
                }
            }
        }

        return Venue.CancelAll(account, Process.Name);
    }

    private CancelOutcome Unanswered(AccountId account, OrderId order, CallFailure failure) =>
        Bug == VenueBug.TimeoutIsCancelled && Venue.Account(account).FindByClientId(order.Value) is { } there
            ? new CancelOutcome.Reported(there.Report with { State = OrderState.Cancelled })
            : new CancelOutcome.Unknown(failure.Phase, failure.Reason);
}
