using System.Collections.Immutable;
using System.Globalization;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Console.Pages;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Status;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Console;

/// <summary>One stop's page, and its progress.</summary>
internal sealed class StopPageEndpoints(ILedger ledger, LedgerReading reading, IStopBrake brake, IStopWarnings warnings, TimeProvider time)
{
    /// <summary>The path of one stop.</summary>
    internal const string OneStop = ConsolePaths.History + "/{stop_id}";

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapGet(OneStop, (HttpContext http, string stop_id, StopPageEndpoints stops) => stops.ShowAsync(http, stop_id)).Requires(Deed.Read);
        console.MapGet($"{OneStop}/events", StopReads.EventsAsync).Requires(Deed.Read);
    }

    /// <summary>The stop's page, with what became of an act on it that was refused.</summary>
    public async Task<IResult> ShowAsync(HttpContext http, string text, Problem? refused = null)
    {
        var (stop, problem) = await StopReads.FindAsync(http, text, ledger, brake);
        if (stop is null)
        {
            return problem!; // There is one whenever there is no stop.
        }

        if (refused is not null)
        {
            http.Features.Set(new AnsweredProblem(refused.Status, refused.Code, AnsweredProblem.TraceOf(http))); // For the log and the audit.
        }

        return ConsolePage.Of<StopPage>(
            (await ReadAsync(http, stop)) with { Error = refused is null ? null : $"{refused.Title}. {refused.Detail}" }, refused?.Status ?? StatusCodes.Status200OK);
    }

    private async Task<StopModel> ReadAsync(HttpContext http, Stop stop)
    {
        var now = time.GetUtcNow();
        if (brake.Find(stop.Id) is { } unrecorded)
        {
            return Model(http, now, unrecorded.Stop, unrecorded.Result, unrecorded.Outcomes);
        }

        if (stop.Number == 0)
        {
            stop = await ledger.FindStopAsync(brake.StandsAs(stop.Id), http.RequestAborted) ?? stop; // Recorded since it was found.
        }

        var outcomes = await ledger.OutcomesAsync(stop.Id, http.RequestAborted);
        var notices = await ledger.NoticesAsync(stop.Id, http.RequestAborted);
        var result = EmergencyStopResult.From(stop, outcomes, now, warnings.Of(stop.Target, stop.Options));
        var model = Model(http, now, stop, result, outcomes) with { Notices = notices };
        return model with { UnmetOrders = await OrdersAsync(model.UnmetShown) };
    }

    /// <summary>What those orders are; without them the page has their ids only.</summary>
    private async Task<IReadOnlyDictionary<string, Order>> OrdersAsync(IEnumerable<ItemOutcome> unmet)
    {
        var found = await reading.ReadAsync(async () =>
        {
            var orders = new Dictionary<string, Order>(StringComparer.Ordinal);
            foreach (var item in unmet.Where(o => o.Kind == ObligationKind.Order))
            {
                if (OrderId.TryParse(item.Item, out var id, out _) && await ledger.FindOrderAsync(id, CancellationToken.None) is { } order)
                {
                    orders[item.Item] = order;
                }
            }

            return orders;
        });
        return found.Value ?? [];
    }

    private StopModel Model(HttpContext http, DateTimeOffset now, Stop stop, EmergencyStopResult result, ImmutableArray<ItemOutcome> outcomes)
    {
        var gate = ledger.Gate;
        return new(
            http.Caller,
            now,
            stop,
            result,
            outcomes,
            [],
            [.. GateCover.Over(stop.Target, gate).Where(l => l.Stop != stop.Id)],
            [.. gate.Pauses.Where(p => p.Stop == stop.Id).Select(p => p.Strategy).Distinct().OrderBy(s => s.Value, StringComparer.Ordinal)],
            FromOf(http, "from"),
            FromOf(http, "unmet"),
            http.Request.Query["reload"] == "true",
            null);
    }

    private static int FromOf(HttpContext http, string field) =>
        int.TryParse(http.Request.Query[field], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 0;
}
