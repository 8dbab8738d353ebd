using EmergencyStop.Ids;
using Orleans;

namespace EmergencyStop.Access;

/// <summary>What an API key may do.</summary>
[GenerateSerializer, Alias("role")]
public enum Role
{
    /// <summary>Reads everything, changes nothing.</summary>
    Viewer,

    /// <summary>Places orders and registers strategies, for any user.</summary>
    Engine,

    /// <summary>Own user id only: orders, panic, stops of the own book, release of own stops.</summary>
    Trader,

    /// <summary>Stops and releases anything.</summary>
    RiskOfficer,

    /// <summary>Everything that a risk officer and an engine may.</summary>
    Admin,
}

/// <summary>Who is behind a request.</summary>
/// <param name="KeyId">The id of the API key; <c>service</c> for the service itself.</param>
/// <param name="Name">The key's name, for people.</param>
/// <param name="Role">What it may do.</param>
/// <param name="User">The user it belongs to; always there for a trader.</param>
[GenerateSerializer, Immutable, Alias("caller")]
public sealed record Caller(
    [property: Id(0)] string KeyId,
    [property: Id(1)] string Name,
    [property: Id(2)] Role Role,
    [property: Id(3)] UserId? User)
{
    /// <summary>How audit and history name the caller: the user id where there is one, else the key's name.</summary>
    public string DisplayName => User?.Value ?? Name;
}
