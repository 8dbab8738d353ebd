using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using EmergencyStop.Venues;

namespace EmergencyStop.Api.Console.Pages;

/// <summary>How trading is, for whoever looks.</summary>
public enum TradingState
{
    /// <summary>Nothing that this key may see is held.</summary>
    Open,

    /// <summary>Something is held, and the rest trades.</summary>
    Partly,

    /// <summary>All of it is held.</summary>
    Stopped,

    /// <summary>Nobody can say, and nothing is admitted.</summary>
    Unknown,
}

/// <summary>A stop that holds, works or is owed something.</summary>
/// <param name="Id">The stop.</param>
/// <param name="Target">What it stops.</param>
/// <param name="Since">When it was pressed (UTC).</param>
/// <param name="By">Who pressed.</param>
/// <param name="Reason">Why, in words; may be empty.</param>
/// <param name="Code">Why, as a code.</param>
/// <param name="State">How far it is; <c>null</c> when that cannot be read.</param>
/// <param name="Holds">Whether it holds a gate closed.</param>
/// <param name="Recorded">Whether the ledger has it.</param>
/// <param name="MayOpen">Whether whoever looks may see its page.</param>
public sealed record StopRow(
    StopId Id, StopTarget Target, DateTimeOffset Since, string By, string Reason, EmergencyStopReason Code, StopState? State, bool Holds, bool Recorded, bool MayOpen);

/// <summary>Trading or stopped, and what there is to stop.</summary>
/// <param name="Caller">Who looks.</param>
/// <param name="Now">As of when (UTC).</param>
/// <param name="State">How trading is.</param>
/// <param name="LedgerTrouble">Why the ledger cannot be written; <c>null</c> when it can.</param>
/// <param name="Stops">The stops that concern whoever looks.</param>
/// <param name="Orders">Open orders, the newest.</param>
/// <param name="Strategies">Strategies, the first.</param>
/// <param name="Positions">Positions.</param>
/// <param name="Venues">Venues in trouble.</param>
/// <param name="Host">Which host runs the grains.</param>
public sealed record OverviewModel(
    Caller Caller,
    DateTimeOffset Now,
    TradingState State,
    string? LedgerTrouble,
    ImmutableArray<StopRow> Stops,
    Reading<Page<Order>> Orders,
    Reading<Page<Strategy>> Strategies,
    Reading<PositionList> Positions,
    ImmutableArray<VenueStatus> Venues,
    string Host);

/// <summary>Positions.</summary>
/// <param name="Items">As fills attributed them.</param>
public sealed record PositionList(ImmutableArray<AttributedPosition> Items);
