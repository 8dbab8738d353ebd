using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Status;

/// <summary>Which latches would refuse an order. Pure.</summary>
internal static class GateCover
{
    /// <summary>The latches that refuse every order of this user, strategy and symbol; what is not named is not asked about.</summary>
    public static ImmutableArray<Latch> Over(UserId? user, StrategyId? strategy, Symbol? symbol, GateView gate) =>
        [.. Targets(user, strategy, symbol).SelectMany(t => gate.On(t)).Where(l => !IsSpared(l, user, strategy, symbol)).OrderBy(l => l.Number)];

    /// <summary>The latches that refuse every order in a target's scope.</summary>
    public static ImmutableArray<Latch> Over(StopTarget target, GateView gate) =>
        Over(target.User, target.Strategy, target.Symbol, gate);

    /// <summary>The pauses that refuse every order of this strategy there.</summary>
    public static ImmutableArray<Strategies.PauseResponse> Pauses(
        EmergencyStop.Strategies.Strategy? strategy, UserId? user, Symbol? symbol)
    {
        if (strategy is null || !strategy.IsPaused)
        {
            return [];
        }

        var targets = Targets(user, strategy.Id, symbol).ToHashSet();
        return [.. strategy.Pauses.Where(p => targets.Contains(p.Target)).Select(p => new Strategies.PauseResponse(p))];
    }

    /// <summary>Whether a part carved out of the latch's stop covers all that is asked about.</summary>
    private static bool IsSpared(Latch latch, UserId? user, StrategyId? strategy, Symbol? symbol) => !latch.Except.IsDefaultOrEmpty && latch.Except.Any(e =>
        (e.User is not { } u || u == user) && (e.Strategy is not { } s || s == strategy) && (e.Symbol is not { } x || x == symbol));

    private static IEnumerable<StopTarget> Targets(UserId? user, StrategyId? strategy, Symbol? symbol)
    {
        yield return StopTarget.System;
        if (user is { } u)
        {
            yield return StopTarget.Of(u);
        }

        if (strategy is { } s)
        {
            yield return StopTarget.Of(s);
        }

        if (symbol is { } x)
        {
            yield return StopTarget.Of(x);
        }

        if (user is { } owner && symbol is { } traded)
        {
            yield return StopTarget.Of(owner, traded);
        }
    }
}
