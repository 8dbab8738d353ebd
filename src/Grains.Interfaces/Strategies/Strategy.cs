using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Orleans;

namespace EmergencyStop.Strategies;

/// <summary>A registered strategy.</summary>
/// <param name="Id">Its id.</param>
/// <param name="User">Its owner. It may place orders for other users too.</param>
/// <param name="Name">A name for people; at most 200 characters.</param>
/// <param name="CallbackUrl">Where to tell it that it was paused; absolute http or https.</param>
/// <param name="RegisteredAt">First registered or first seen in an order (UTC).</param>
/// <param name="Pauses">Within which targets it is paused, and by which stops; empty when it runs.</param>
/// <param name="SecretGeneration">How often the secret that signs its notices was changed.</param>
[GenerateSerializer, Immutable, Alias("strategy")]
public sealed record Strategy(
    [property: Id(0)] StrategyId Id,
    [property: Id(1)] UserId User,
    [property: Id(2)] string? Name,
    [property: Id(3)] string? CallbackUrl,
    [property: Id(4)] DateTimeOffset RegisteredAt,
    [property: Id(5)] ImmutableArray<StrategyPause> Pauses,
    [property: Id(6)] int SecretGeneration = 0)
{
    /// <summary>Whether it is paused within any target.</summary>
    public bool IsPaused => !Pauses.IsDefaultOrEmpty;
}

/// <summary>One strategy paused within one target: while the number of the pause exceeds that of the resume.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Target">Within what it is paused.</param>
/// <param name="Stop">The stop that paused it.</param>
/// <param name="PausedAt">The number drawn for the pause.</param>
[GenerateSerializer, Immutable, Alias("strategy-pause")]
public sealed record StrategyPause(
    [property: Id(0)] StrategyId Strategy,
    [property: Id(1)] StopTarget Target,
    [property: Id(2)] StopId Stop,
    [property: Id(3)] long PausedAt);
