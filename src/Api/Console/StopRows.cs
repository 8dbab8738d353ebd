using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Api.Console.Pages;
using EmergencyStop.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Console;

/// <summary>Which stops concern whoever looks, and what they come to. Pure.</summary>
internal static class StopRows
{
    /// <summary>Every stop that holds, works, is owed something or is not recorded yet, the newest first.</summary>
    /// <param name="caller">Who looks.</param>
    /// <param name="gate">The latches.</param>
    /// <param name="unrecorded">Stops that the ledger has not got.</param>
    /// <param name="unfinished">Stops that are not completed; <c>null</c> when that cannot be read.</param>
    /// <param name="ownerOf">Whose a strategy is.</param>
    public static ImmutableArray<StopRow> Of(
        Caller caller, GateView gate, ImmutableArray<UnrecordedStop> unrecorded, IReadOnlyCollection<Stop>? unfinished, Func<StrategyId, UserId?> ownerOf)
    {
        var known = unfinished?.ToDictionary(s => s.Id);
        var rows = new Dictionary<StopId, StopRow>();
        foreach (var (stop, _, result) in unrecorded)
        {
            rows[stop.Id] = Row(stop, result.State, holds: true, recorded: false);
        }

        foreach (var latch in gate.Latches)
        {
            var state = known is null ? null : known.TryGetValue(latch.Stop, out var stop) ? stop.State : (StopState?)StopState.Completed;
            rows.TryAdd(latch.Stop, new(latch.Stop, latch.Target, latch.Since, latch.By, latch.Reason, latch.ReasonCode, state, Holds: true, Recorded: true, MayOpen: false));
        }

        foreach (var stop in unfinished ?? [])
        {
            rows.TryAdd(stop.Id, Row(stop, stop.State, stop.HoldsLatch, recorded: true));
        }

        var mine = unrecorded.Where(u => u.Stop.Request.RequestedBy.KeyId == caller.KeyId).Select(u => u.Stop.Id).ToHashSet();
        return
        [
            .. rows.Values
                .Select(r => r with { MayOpen = mine.Contains(r.Id) || MayRead(caller, r.Target, ownerOf) })
                .Where(r => r.MayOpen || (r.Holds && Concerns(caller, r.Target)))
                .OrderByDescending(r => r.Since).ThenBy(r => r.Id.Value, StringComparer.Ordinal),
        ];
    }

    /// <summary>How trading is for whoever looks.</summary>
    public static TradingState StateFor(Caller caller, GateView gate, ImmutableArray<StopRow> rows)
    {
        if (gate.Number < 0)
        {
            return TradingState.Unknown; // None known is not none held.
        }

        var own = Authority.Of(caller.Role, Deed.Read) == Reach.Own ? caller.User : null;
        return rows.Any(r => r.Holds && (!r.Recorded || r.Target.Scope == EmergencyStopScope.System || IsBookOf(r.Target, own))) ? TradingState.Stopped
            : rows.Any(r => r.Holds) ? TradingState.Partly
            : TradingState.Open;
    }

    /// <summary>Whether a stop of this target refuses some order of whoever looks.</summary>
    private static bool Concerns(Caller caller, StopTarget target) =>
        Authority.Of(caller.Role, Deed.Read) == Reach.All
        || target.Scope is EmergencyStopScope.System or EmergencyStopScope.Symbol;

    private static bool MayRead(Caller caller, StopTarget target, Func<StrategyId, UserId?> ownerOf) =>
        Authority.Allows(caller, Deed.Read, target.Strategy is { } strategy ? ownerOf(strategy) : target.User);

    private static bool IsBookOf(StopTarget target, UserId? user) => target.Scope == EmergencyStopScope.User && user is not null && target.User == user;

    private static StopRow Row(Stop stop, StopState state, bool holds, bool recorded) => new(
        stop.Id, stop.Target, stop.Request.RequestedAt, stop.Request.RequestedBy.DisplayName, stop.Request.Reason, stop.Request.ReasonCode, state, holds, recorded, MayOpen: false);
}
