using EmergencyStop.Venues.Sending;

namespace EmergencyStop.Grains.Orders;

/// <summary>The right to write one mass cancel, once, within its send window.</summary>
/// <remarks>
/// The window begins before the debt is recorded. So whoever settles the debt after 1.1 windows and the venue's visibility
/// bound knows that nothing of it can reach an order that was let in since.
/// </remarks>
/// <param name="window">Its window; whoever made it disposes of it.</param>
/// <param name="forbidden">Whether mass cancels are forbidden by now; asked immediately before the write.</param>
internal sealed class MassCancelPermit(SendWindow window, Func<bool>? forbidden = null) : ISendPermit
{
    private int _taken;

    /// <inheritdoc/>
    public CancellationToken WindowEnd => window.End;

    /// <inheritdoc/>
    public bool TryTake(out string? why)
    {
        why = window.WhyOver();
        why ??= forbidden?.Invoke() == true ? "the stop is in the ledger's hands" : null;
        why ??= Interlocked.Exchange(ref _taken, 1) != 0 ? "it was written before" : null;
        return why is null;
    }
}
