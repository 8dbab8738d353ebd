using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Releasing;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Console;

/// <summary>What may be done about a standing stop: release it, have it close positions, give one of its debts up.</summary>
/// <remarks>Each shows the stop's page again: with what was refused and why, or as it is afterwards.</remarks>
internal sealed class StopDeedEndpoints(
    ILedger ledger, IEmergencyStopSystem system, IStopDegrees degrees, StopPageEndpoints pages, Refusals refusals, TimeProvider time)
{
    private const int LongestItem = 300;

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPost($"{StopPageEndpoints.OneStop}/release", (HttpContext http, string stop_id, StopDeedEndpoints deeds) => deeds.ReleaseAsync(http, stop_id))
            .Requires(Deed.Release);
        console.MapPost($"{StopPageEndpoints.OneStop}/close-positions", (HttpContext http, string stop_id, StopDeedEndpoints deeds) => deeds.EscalateAsync(http, stop_id))
            .Requires(Deed.Stop);
        console.MapPost($"{StopPageEndpoints.OneStop}/waive", (HttpContext http, string stop_id, StopDeedEndpoints deeds) => deeds.WaiveAsync(http, stop_id))
            .Requires(Deed.Waive);
    }

    private Task<IResult> ReleaseAsync(HttpContext http, string text) => ActAsync(http, text, async (stop, form, reason) =>
    {
        var request = new ReleaseRequest(stop, http.Caller, reason, form["resume"] == "true", time.GetUtcNow()) { DespiteOutstanding = form["despite"] == "true" };
        return await system.ReleaseAsync(request, CancellationToken.None) is var answer && answer is ReleaseAnswer.Forbidden forbidden
            ? await refusals.RefuseAsync(http.Caller, Deed.Release, stop.Value, forbidden.Why)
            : ReleaseEndpoints.Show(stop, answer, ledger.Gate) as Problem;
    });

    private Task<IResult> EscalateAsync(HttpContext http, string text) => ActAsync(http, text, async (stop, _, reason) =>
        await degrees.EscalateAsync(new(stop, http.Caller, reason, time.GetUtcNow()), CancellationToken.None) switch
        {
            EscalateAnswer.Escalated => null,
            EscalateAnswer.NotFound => Problems.NotFound($"There is no stop {stop}."),
            EscalateAnswer.Forbidden forbidden => await refusals.RefuseAsync(http.Caller, Deed.Stop, stop.Value, forbidden.Why),
            EscalateAnswer.Cannot cannot => Problems.CannotEscalate(stop, cannot.Why),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no known answer to an escalation."),
        });

    private Task<IResult> WaiveAsync(HttpContext http, string text) => ActAsync(http, text, async (stop, form, reason) =>
    {
        var item = form["item"].ToString();
        if (!Words<ObligationKind>.TryRead(form["kind"], out var kind) || item.Length is 0 or > LongestItem)
        {
            return Problems.FormNotOurs;
        }

        return await degrees.WaiveAsync(new(stop, kind, item, http.Caller, reason, time.GetUtcNow()), CancellationToken.None) switch
        {
            WaiveAnswer.Waived => null,
            WaiveAnswer.AlreadyMet met => Problems.ObligationMet(stop, item, met.How),
            WaiveAnswer.NoSuchDebt => Problems.NoSuchObligation(stop, kind, item),
            WaiveAnswer.NotFound => Problems.NotFound($"There is no stop {stop}."),
            WaiveAnswer.Forbidden forbidden => await refusals.RefuseAsync(http.Caller, Deed.Waive, stop.Value, forbidden.Why),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no known answer to a waiver."),
        };
    });

    /// <summary>Checks the form, acts, and shows the stop. Once asked, an act is carried out even if the one who asked hangs up.</summary>
    private async Task<IResult> ActAsync(HttpContext http, string text, Func<StopId, IFormCollection, string, Task<Problem?>> act)
    {
        var form = await http.Request.ReadFormAsync(CancellationToken.None);
        var errors = new FieldErrors();
        var stop = PathText.TryRead<StopId>("stop_id", text, errors);
        var reason = ReasonText.Read(form["reason"], needed: true, errors);
        var refused = errors.Any || stop is not { } id ? errors.ToProblem() : await act(id, form, reason);
        return refused is null && stop is { } done
            ? ConsolePage.SeeOther(ConsolePaths.Of(done))
            : await pages.ShowAsync(http, text, refused);
    }
}
