using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Api.Console.Pages;

/// <summary>One stop with every outcome, and what may be done about it.</summary>
/// <param name="Caller">Who looks.</param>
/// <param name="Now">As of when (UTC).</param>
/// <param name="Stop">The stop.</param>
/// <param name="Result">What it has come to so far.</param>
/// <param name="Outcomes">One per item.</param>
/// <param name="Notices">Which strategies were told; <c>null</c> when that cannot be read.</param>
/// <param name="OtherHolds">Stops that hold the same target beside this one.</param>
/// <param name="StillPaused">Strategies that this stop has paused and that nobody has resumed.</param>
/// <param name="From">The first of the met outcomes that is shown.</param>
/// <param name="UnmetFrom">The first of the unmet ones that is shown.</param>
/// <param name="ReloadsItself">Whether the page reloads itself without a script.</param>
/// <param name="Error">Why the last act was refused.</param>
public sealed record StopModel(
    Caller Caller,
    DateTimeOffset Now,
    Stop Stop,
    EmergencyStopResult Result,
    ImmutableArray<ItemOutcome> Outcomes,
    ImmutableArray<NoticeOutcome> Notices,
    ImmutableArray<Latch> OtherHolds,
    ImmutableArray<StrategyId> StillPaused,
    int From,
    int UnmetFrom,
    bool ReloadsItself,
    string? Error)
{
    private const int MostUnmet = 100;

    /// <summary>The orders among the unmet obligations that are shown, as far as they can be read, by id.</summary>
    public IReadOnlyDictionary<string, Order> UnmetOrders { get; init; } = new Dictionary<string, Order>(StringComparer.Ordinal);

    /// <summary>What is unmet, unknown things first.</summary>
    internal ImmutableArray<ItemOutcome> Unmet { get; } =
        [.. Result.Outstanding.OrderBy(o => o.Outcome != OutcomeKind.Unknown).ThenBy(o => o.Kind).ThenBy(o => o.Item, StringComparer.Ordinal)];

    /// <summary>Those of them that are shown.</summary>
    internal ImmutableArray<ItemOutcome> UnmetShown => [.. Unmet.Skip(UnmetFrom).Take(MostUnmet)];

    /// <summary>Where the unmet ones before these begin; <c>null</c> when there are none.</summary>
    internal int? UnmetBefore => UnmetFrom > 0 ? Math.Max(0, UnmetFrom - MostUnmet) : null;

    /// <summary>Where the next ones begin; <c>null</c> when there are none.</summary>
    internal int? UnmetNext => Unmet.Length - UnmetFrom > MostUnmet ? UnmetFrom + MostUnmet : null;
}
