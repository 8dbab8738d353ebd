using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Stopping;

/// <summary>What a stop would touch, read from the ledger; nothing is changed.</summary>
internal static class StopPreviews
{
    public static async Task<StopPreview> OfAsync(
        ILedger ledger, IStopWarnings warnings, StopTarget target, StopOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var stop = Imagined(target, options, now);
        var owed = options.CancelOrders ? await ledger.OwedAsync(stop, includeProtective: false, null, cancellationToken) : [];
        var strategies = options.PauseStrategies ? await ledger.StrategiesInAsync(target, cancellationToken) : [];
        var positions = (await ledger.PositionsAsync(target.User, target.Strategy, target.Symbol, cancellationToken))
            .GroupBy(p => (p.Account, p.Symbol))
            .Where(g => g.Sum(p => p.Quantity) != 0)
            .Select(g => Name(g.Key.Account, g.Key.Symbol))
            .ToImmutableArray();
        var unprotected = Unprotected(owed, positions, options);
        var latches = ledger.Gate.Latches.Where(l => Overlaps(l.Target, target)).ToImmutableArray();
        var users = owed.Select(o => o.Terms.User).Distinct().Count();
        return new(
            target, owed.Length, users, [.. strategies.Select(s => s.Id)], positions, unprotected, latches,
            Sentences(target, options, owed.Length, users, strategies.Length, positions.Length, unprotected, latches).AddRange(warnings.Of(target, options)));
    }

    private static Stop Imagined(StopTarget target, StopOptions options, DateTimeOffset now) => new(
        StopId.Parse("preview"),
        long.MaxValue,
        new(target, options, EmergencyStopReason.UserInitiated, string.Empty, new("preview", "preview", Role.Viewer, null), now),
        StopState.Working,
        new(),
        [],
        null,
        null);

    private static ImmutableArray<string> Unprotected(ImmutableArray<Order> owed, ImmutableArray<string> positions, StopOptions options) =>
        options.ClosePositions
            ? []
            : [.. owed.Where(o => o.Terms.Protective).Select(o => Name(o.Account, o.Terms.Symbol)).Distinct().Intersect(positions)];

    /// <summary>Whether a latch on one target already refuses everything on the other.</summary>
    private static bool Overlaps(StopTarget held, StopTarget target) => held == target || held.Scope switch
    {
        EmergencyStopScope.System => true,
        EmergencyStopScope.User => target.Scope == EmergencyStopScope.UserSymbol && held.User == target.User,
        EmergencyStopScope.Symbol => target.Scope == EmergencyStopScope.UserSymbol && held.Symbol == target.Symbol,
        _ => false,
    };

    private static ImmutableArray<string> Sentences(
        StopTarget target, StopOptions options, int orders, int users, int strategies, int positions,
        ImmutableArray<string> unprotected, ImmutableArray<Latch> latches)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        lines.Add(options.CancelOnly ? $"New orders on {target} are still let in." : $"No new order on {target} is let in until the stop is released.");
        lines.Add(options.CancelOrders ? $"{orders} orders of {users} users are cancelled." : "Resting orders are left alone.");
        lines.Add(options.PauseStrategies ? $"{strategies} strategies are paused." : "Strategies are left running; their orders are refused while the gate is closed.");
        lines.Add(options.ClosePositions ? $"{positions} positions are closed." : $"{positions} positions are left standing.");
        if (!unprotected.IsEmpty)
        {
            lines.Add($"{unprotected.Length} positions lose their protective order: {string.Join(", ", unprotected.Take(10))}.");
        }

        if (!latches.IsEmpty)
        {
            lines.Add($"{latches.Length} stops already hold it: {string.Join(", ", latches.Take(10).Select(l => l.Stop))}.");
        }

        return lines.ToImmutable();
    }

    private static string Name(AccountId account, Symbol symbol) => $"{account}/{symbol}";
}
