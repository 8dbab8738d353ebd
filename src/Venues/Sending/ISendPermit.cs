namespace EmergencyStop.Venues.Sending;

/// <summary>The right to write one order or one mass cancel, once and within its send window; an order while no newer latch is known.</summary>
public interface ISendPermit
{
    /// <summary>Asked immediately before the write, after rate limiter and connect, and once only.</summary>
    /// <param name="why">Why not; then nothing may be written.</param>
    /// <returns>Whether to write now. From a yes on, nobody attests that it was never sent.</returns>
    bool TryTake(out string? why);

    /// <summary>Cancelled at the window's end: the connection of an unfinished write is reset.</summary>
    CancellationToken WindowEnd { get; }
}
