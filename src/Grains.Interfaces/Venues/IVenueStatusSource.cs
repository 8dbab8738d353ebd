using System.Collections.Immutable;

namespace EmergencyStop.Venues;

/// <summary>How the links to the venues are, for people. The host answers from what it knows; nobody is asked.</summary>
public interface IVenueStatusSource
{
    /// <summary>One entry per venue, as of the last calls.</summary>
    ImmutableArray<VenueStatus> Venues { get; }
}

/// <summary>How one venue's link is. Silence is unknown, not fine (F26).</summary>
/// <param name="Name">The venue's name.</param>
/// <param name="State"><c>up</c>, <c>down</c>, or <c>unknown</c> before the first call.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="LastError">The last failure, in words, without secrets.</param>
public sealed record VenueStatus(string Name, string State, DateTimeOffset Since, string? LastError)
{
    /// <summary>The state that makes the service degraded.</summary>
    public const string Down = "down";
}
