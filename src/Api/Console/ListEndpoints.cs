using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Console.Pages;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;

namespace EmergencyStop.Api.Console;

/// <summary>Long lists, page by page: stops, open orders, strategies, positions.</summary>
internal sealed class ListEndpoints(ILedger ledger, LedgerReading reading, IGrainFactory grains, Refusals refusals, TimeProvider time)
{
    private const int Rows = 50;
    private const int LongestCursor = 600;

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapGet(ConsolePaths.History, (HttpContext http, ListEndpoints lists) => lists.HistoryAsync(http)).Requires(Deed.Read);
        console.MapGet(ConsolePaths.Orders, (HttpContext http, ListEndpoints lists) => lists.OrdersAsync(http)).Requires(Deed.Read);
        console.MapGet(ConsolePaths.Strategies, (HttpContext http, ListEndpoints lists) => lists.StrategiesAsync(http, null)).Requires(Deed.Read);
        console.MapGet(ConsolePaths.Positions, (HttpContext http, ListEndpoints lists) => lists.PositionsAsync(http)).Requires(Deed.Read);
        console.MapPost(ConsolePaths.Resume, (HttpContext http, ListEndpoints lists) => lists.ResumeAsync(http)).Requires(Deed.Resume);
    }

    private Task<IResult> HistoryAsync(HttpContext http) => ListAsync<StopSummary>(
        http,
        (user, cursor) => ledger.HistoryAsync(new(user, cursor, Rows), CancellationToken.None),
        list => ConsolePage.Of<HistoryPage>(new HistoryModel(list)));

    private Task<IResult> OrdersAsync(HttpContext http) => ListAsync<EmergencyStop.Orders.Order>(
        http,
        (user, cursor) => ledger.OrdersAsync(new(user, null, null, ActiveOnly: true, cursor, Rows), CancellationToken.None),
        list => ConsolePage.Of<OrdersPage>(new OrdersModel(list)));

    private Task<IResult> StrategiesAsync(HttpContext http, Problem? refused) => ListAsync<Strategy>(
        http,
        (user, cursor) => ledger.StrategiesAsync(user, cursor, Rows, CancellationToken.None),
        list => ConsolePage.Of<StrategiesPage>(
            new StrategiesModel(list with { Error = refused is null ? null : $"{refused.Title}. {refused.Detail}" }), refused?.Status ?? StatusCodes.Status200OK));

    private async Task<IResult> PositionsAsync(HttpContext http)
    {
        var user = BookOf(http.Caller);
        var positions = await reading.ReadAsync(async () => new PositionList(await ledger.PositionsAsync(user, null, null, CancellationToken.None)));
        return ConsolePage.Of<PositionsPage>(new PositionsModel(http.Caller, time.GetUtcNow(), positions));
    }

    /// <summary>Once asked, a resume is carried out even if the one who asked hangs up.</summary>
    private async Task<IResult> ResumeAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(CancellationToken.None);
        if (!StrategyId.TryParse(form["strategy"], out var strategy, out _))
        {
            return Problems.FormNotOurs;
        }

        var refused = await grains.GetGrain<IStrategyGrain>(strategy.Value).ResumeAsync(http.Caller, string.Empty, CancellationToken.None) switch
        {
            ResumeAnswer.Resumed or ResumeAnswer.NotPaused => null,
            ResumeAnswer.NotFound => Problems.NotFound($"There is no strategy {strategy}."),
            ResumeAnswer.Forbidden f => await refusals.RefuseAsync(http.Caller, Deed.Resume, strategy.Value, f.Why),
            ResumeAnswer.GateClosed closed => Problems.GateClosed(closed.By),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no known answer to a resume."),
        };
        return refused is null ? ConsolePage.SeeOther(ConsolePaths.Strategies) : await StrategiesAsync(http, refused);
    }

    private async Task<IResult> ListAsync<TRow>(HttpContext http, Func<UserId?, string?, Task<Page<TRow>>> read, Func<ListModel<TRow>, IResult> show)
    {
        var cursor = http.Request.Query["cursor"].ToString() is { Length: > 0 and <= LongestCursor } text ? text : null;
        var user = BookOf(http.Caller);
        try
        {
            var page = await reading.ReadAsync(() => read(user, cursor));
            return show(new(http.Caller, time.GetUtcNow(), page, cursor));
        }
        catch (ArgumentException) when (cursor is not null)
        {
            return Problems.ValidationFailed("cursor", "This page of the list is not known. Begin at its first one.");
        }
    }

    /// <summary>Whose rows a caller reads: everybody's, or for a trader the own ones.</summary>
    private static UserId? BookOf(Caller caller) => CallerAccess.BookToRead(caller, asked: null).User;
}
