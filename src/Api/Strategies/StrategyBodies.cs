using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Api.Strategies;

/// <summary>A strategy to register or change.</summary>
public sealed record StrategyBody
{
    /// <summary>Its owner.</summary>
    public UserId? UserId { get; init; }

    /// <summary>A name for people; at most 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Where to tell it that it was paused or resumed; absolute http or https, at most 2,000 characters.</summary>
    public string? CallbackUrl { get; init; }
}

/// <summary>Why a strategy is resumed.</summary>
public sealed record ResumeBody
{
    /// <summary>Why, in words; at most 500 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>A registered strategy.</summary>
/// <param name="StrategyId">Its id.</param>
/// <param name="UserId">Its owner.</param>
/// <param name="Name">A name for people.</param>
/// <param name="CallbackUrl">Where it is told of pauses.</param>
/// <param name="RegisteredAt">First registered, or first seen in an order.</param>
/// <param name="Paused">Whether it is paused within any target.</param>
/// <param name="Pauses">Within which targets, and by which stops.</param>
public sealed record StrategyResponse(
    StrategyId StrategyId,
    UserId UserId,
    string? Name,
    string? CallbackUrl,
    DateTimeOffset RegisteredAt,
    bool Paused,
    ImmutableArray<PauseResponse> Pauses)
{
    internal static StrategyResponse Of(Strategy s) => new(
        s.Id, s.User, s.Name, s.CallbackUrl, s.RegisteredAt, s.IsPaused, s.IsPaused ? [.. s.Pauses.Select(p => new PauseResponse(p))] : []);
}

/// <summary>A strategy as it was just registered.</summary>
/// <param name="StrategyId">Its id.</param>
/// <param name="UserId">Its owner.</param>
/// <param name="Name">A name for people.</param>
/// <param name="CallbackUrl">Where it is told of pauses.</param>
/// <param name="RegisteredAt">First registered, or first seen in an order.</param>
/// <param name="Paused">Whether it is paused within any target.</param>
/// <param name="Pauses">Within which targets, and by which stops.</param>
/// <param name="CallbackSecret">What its notices are signed with: with its first <c>callback_url</c> only; null from then on.</param>
public sealed record RegisteredStrategyResponse(
    StrategyId StrategyId,
    UserId UserId,
    string? Name,
    string? CallbackUrl,
    DateTimeOffset RegisteredAt,
    bool Paused,
    ImmutableArray<PauseResponse> Pauses,
    string? CallbackSecret)
{
    internal static RegisteredStrategyResponse Of(Strategy s, string? secret)
    {
        var shown = StrategyResponse.Of(s);
        return new(shown.StrategyId, shown.UserId, shown.Name, shown.CallbackUrl, shown.RegisteredAt, shown.Paused, shown.Pauses, secret);
    }
}

/// <summary>One strategy paused within one target.</summary>
/// <param name="StrategyId">The strategy.</param>
/// <param name="Target">Within what it is paused.</param>
/// <param name="StopId">The stop that paused it.</param>
/// <param name="PausedAtNumber">The number drawn for the pause.</param>
public sealed record PauseResponse(StrategyId StrategyId, StopTarget Target, StopId StopId, long PausedAtNumber)
{
    internal PauseResponse(StrategyPause p)
        : this(p.Strategy, p.Target, p.Stop, p.PausedAt)
    {
    }
}

/// <summary>A page of strategies, by id.</summary>
/// <param name="Strategies">The strategies.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record StrategiesResponse(ImmutableArray<StrategyResponse> Strategies, string? NextCursor);

/// <summary>Positions as fills attributed them.</summary>
/// <param name="Positions">The positions; zero ones left out.</param>
public sealed record PositionsResponse(ImmutableArray<PositionResponse> Positions);

/// <summary>A position as the fills of one strategy made it.</summary>
/// <param name="Account">The account.</param>
/// <param name="UserId">The user.</param>
/// <param name="StrategyId">The strategy; null for fills of closing and adopted orders.</param>
/// <param name="Symbol">The symbol.</param>
/// <param name="Quantity">Signed quantity; short is negative.</param>
public sealed record PositionResponse(AccountId Account, UserId UserId, StrategyId? StrategyId, Symbol Symbol, decimal Quantity)
{
    internal PositionResponse(AttributedPosition p)
        : this(p.Account, p.User, p.Strategy, p.Symbol, p.Quantity)
    {
    }
}
