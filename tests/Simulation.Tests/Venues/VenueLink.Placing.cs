using EmergencyStop.Ids;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Sending;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <content>Sending an order: once, within its window.</content>
public sealed partial class VenueLink
{
    private const string WindowOver = "The send window is over.";

    /// <inheritdoc/>
    public ValueTask<PlaceOutcome> PlaceAsync(VenueOrder order, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        return SendAsync(order, late => Venue.Place(order, Process.Name, late), permit, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<PlaceOutcome> ReplaceAsync(VenueReplacement replacement, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        return SendAsync(replacement.Order, late => Venue.Replace(replacement, Process.Name, late), permit, cancellationToken);
    }

    private async ValueTask<PlaceOutcome> SendAsync(
        VenueOrder order, Func<bool, PlaceOutcome> apply, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permit);
        var asksFirst = Bug == VenueBug.PermitBeforeConnect;
        if (asksFirst && !permit.TryTake(out var early))
        {
            return new PlaceOutcome.NotSent(VenuePhase.Connect, early ?? "The permit was refused.");
        }

        var account = Of(order.Account);
        var end = asksFirst ? CancellationToken.None : permit.WindowEnd;
        if (await ReachAsync(account.DrawWay(TimeSpan.MaxValue), end, cancellationToken) is { } failure)
        {
            return new PlaceOutcome.NotSent(failure.Phase, failure.Reason);
        }

        if (!asksFirst && !permit.TryTake(out var why))
        {
            return new PlaceOutcome.NotSent(VenuePhase.Connect, why ?? "The permit was refused.");
        }

        // From here to the write there is no wait.
        var sending = new OrderSending(account, order, apply);
        sending.Write();
        using var reset = permit.WindowEnd.UnsafeRegister(static s => ((OrderSending)s!).EndWindow(), sending); // the state is handed over beside it
        using var given = cancellationToken.UnsafeRegister(static s => ((OrderSending)s!).EndWindow(), sending); // the state is handed over beside it
        return await sending.Task;
    }

    /// <summary>Waits for the rate limit and the connection, no longer than the window is open.</summary>
    /// <returns>Why nothing can be written; <c>null</c> when it can.</returns>
    private async Task<CallFailure?> ReachAsync(LinkAccount.Way way, CancellationToken end, CancellationToken cancellationToken)
    {
        if (way.RateLimit > TimeSpan.Zero && !await WaitAsync(way.RateLimit, end, cancellationToken))
        {
            return CallFailure.NoRoom;
        }

        var connected = await WaitAsync(way.Connect, end, cancellationToken);
        return way.Failure ?? (connected ? null : new CallFailure(VenuePhase.Connect, WindowOver, HadNoEffect: true));
    }

    private async Task<bool> WaitAsync(TimeSpan wait, CancellationToken end, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource<bool>();
        Venue.World.After(wait, Process, static over => ((TaskCompletionSource<bool>)over!).TrySetResult(true), over); // the state is handed over beside it
        using var ended = end.UnsafeRegister(static over => ((TaskCompletionSource<bool>)over!).TrySetResult(false), over); // the state is handed over beside it
        using var given = cancellationToken.UnsafeRegister(static over => ((TaskCompletionSource<bool>)over!).TrySetResult(false), over); // the state is handed over beside it
        return await over.Task && !end.IsCancellationRequested;
    }
}
