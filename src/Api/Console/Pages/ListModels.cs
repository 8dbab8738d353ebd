using EmergencyStop.Access;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Runtime;
using EmergencyStop.Strategies;

namespace EmergencyStop.Api.Console.Pages;

/// <summary>A page of a long list.</summary>
/// <typeparam name="TRow">Its rows.</typeparam>
/// <param name="Caller">Who looks.</param>
/// <param name="Now">As of when (UTC).</param>
/// <param name="Page">The rows, or why they cannot be read.</param>
/// <param name="Cursor">Where this page begins; <c>null</c> for the first.</param>
/// <param name="Error">Why the last act was refused.</param>
public sealed record ListModel<TRow>(Caller Caller, DateTimeOffset Now, Reading<Page<TRow>> Page, string? Cursor, string? Error = null);

/// <summary>The history.</summary>
/// <param name="List">The stops.</param>
public sealed record HistoryModel(ListModel<StopSummary> List);

/// <summary>Open orders.</summary>
/// <param name="List">The orders.</param>
public sealed record OrdersModel(ListModel<Order> List);

/// <summary>Strategies.</summary>
/// <param name="List">The strategies.</param>
public sealed record StrategiesModel(ListModel<Strategy> List);

/// <summary>Positions.</summary>
/// <param name="Caller">Who looks.</param>
/// <param name="Now">As of when (UTC).</param>
/// <param name="Positions">The positions, or why they cannot be read.</param>
public sealed record PositionsModel(Caller Caller, DateTimeOffset Now, Reading<PositionList> Positions);

/// <summary>The grains at work.</summary>
/// <param name="Caller">Who looks.</param>
/// <param name="Now">As of when (UTC).</param>
/// <param name="Figures">Their figures.</param>
public sealed record DashboardModel(Caller Caller, DateTimeOffset Now, RuntimeFigures Figures);
