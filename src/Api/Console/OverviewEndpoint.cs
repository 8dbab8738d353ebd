using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Console.Pages;
using EmergencyStop.Api.Status;
using EmergencyStop.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Console;

/// <summary>The first page: trading or stopped, the panic button, and what there is to stop.</summary>
internal sealed class OverviewEndpoint(
    ILedger ledger, LedgerReading reading, LedgerMirror mirror, IStopBrake brake, IVenueStatusSource venues, ServiceHost host, TimeProvider time)
{
    private const int MostRows = 20;
    private const int MostStrategies = 50;

    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder console) => console
        .MapGet(ConsolePaths.Overview, (HttpContext http, OverviewEndpoint overview) => overview.ShowAsync(http.Caller))
        .Requires(Deed.Read);

    private async Task<IResult> ShowAsync(Caller caller)
    {
        var user = Authority.Of(caller.Role, Deed.Read) == Reach.Own ? caller.User : null;

        // Side by side: a ledger that does not answer costs one wait, not one for each part.
        var health = reading.ReadAsync(() => ledger.HealthAsync(CancellationToken.None).AsTask());
        var unfinished = reading.ReadAsync<IReadOnlyCollection<Stop>>(async () => await ledger.UnfinishedStopsAsync(CancellationToken.None));
        var orders = reading.ReadAsync(() => ledger.OrdersAsync(new(user, null, null, ActiveOnly: true, null, MostRows), CancellationToken.None));
        var strategies = reading.ReadAsync(() => ledger.StrategiesAsync(user, null, MostStrategies, CancellationToken.None));
        var positions = reading.ReadAsync(async () => new PositionList(await ledger.PositionsAsync(user, null, null, CancellationToken.None)));
        var rows = StopRows.Of(caller, ledger.Gate, brake.Unrecorded, (await unfinished).Value, OwnerOf((await strategies).Value?.Items));
        return ConsolePage.Of<OverviewPage>(new OverviewModel(
            caller,
            time.GetUtcNow(),
            StopRows.StateFor(caller, ledger.Gate, rows),
            TroubleOf(await health),
            rows,
            await orders,
            await strategies,
            await positions,
            [.. venues.Venues.Where(v => v.InTrouble())],
            host.Name));
    }

    private static string? TroubleOf(Reading<LedgerHealth> health) => health switch
    {
        { Value: null } => "The ledger does not answer.",
        { Value: { Writable: false, Why: var why } } => why ?? "The ledger cannot be written.",
        _ => null,
    };

    /// <summary>The mirror knows every strategy but those of the last second.</summary>
    private Func<StrategyId, UserId?> OwnerOf(IEnumerable<EmergencyStop.Strategies.Strategy>? known)
    {
        var owners = known?.ToDictionary(s => s.Id, s => s.User) ?? [];
        return id => owners.TryGetValue(id, out var owner) ? owner : mirror.OwnerOf(id);
    }
}
