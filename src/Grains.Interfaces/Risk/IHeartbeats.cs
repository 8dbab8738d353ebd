using System.Collections.Immutable;

namespace EmergencyStop.Risk;

/// <summary>The dead-man's switches of this process and, through the ledger, of every other.</summary>
public interface IHeartbeats
{
    /// <summary>Takes a beat. The first one, and one that changes the terms, is in the ledger before it is answered; others are written a little later, many at once.</summary>
    /// <param name="name">The switch.</param>
    /// <param name="terms">What it does.</param>
    /// <param name="by">Who beats.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The switch; <c>null</c> when the name is that of a switch with another target.</returns>
    ValueTask<Heartbeat?> BeatAsync(HeartbeatName name, HeartbeatTerms terms, string by, CancellationToken cancellationToken);

    /// <summary>Disarms a switch; <c>null</c> when there is none.</summary>
    Task<Heartbeat?> DisarmAsync(HeartbeatName name, string by, string reason, CancellationToken cancellationToken);

    /// <summary>Every switch by name, with how long this process has heard nothing of it.</summary>
    Task<ImmutableArray<HeartbeatSight>> AllAsync(CancellationToken cancellationToken);
}

/// <summary>A switch as this process sees it.</summary>
/// <param name="Heartbeat">Its row.</param>
/// <param name="SilentFor">How long this process has heard nothing of it, here or through the ledger, by its own clock; <c>null</c> while it is not armed.</param>
public sealed record HeartbeatSight(Heartbeat Heartbeat, TimeSpan? SilentFor);
