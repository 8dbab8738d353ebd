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
/// <param name="State"><c>up</c>, <c>silent</c> (it takes calls and says nothing), <c>down</c>, or <c>unknown</c> before the first call; the worst of its accounts.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="LastError">The last failure, in words, without secrets.</param>
/// <param name="LastAnswerAt">When it last answered anything (UTC).</param>
/// <param name="AgeMs">How long ago that is, in milliseconds.</param>
public sealed record VenueStatus(
    string Name,
    string State,
    DateTimeOffset Since,
    string? LastError,
    DateTimeOffset? LastAnswerAt = null,
    double? AgeMs = null)
{
    /// <summary>A state that makes the service degraded.</summary>
    public const string Down = "down";

    /// <summary>The other one.</summary>
    public const string Silent = "silent";

    /// <summary>The accounts whose link is not up; at most 100.</summary>
    public ImmutableArray<AccountLink> Accounts { get; init; } = [];

    /// <summary>Whether the link is known to be in trouble.</summary>
    public bool InTrouble() => State is Down or Silent;
}

/// <summary>How the link of one account is.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="State">As for the venue.</param>
/// <param name="LastAnswerAt">When the venue last answered on it (UTC).</param>
/// <param name="LastError">The last failure, in words.</param>
public sealed record AccountLink(string AccountId, string State, DateTimeOffset? LastAnswerAt, string? LastError);
