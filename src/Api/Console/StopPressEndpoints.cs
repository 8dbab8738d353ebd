using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Console.Pages;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Console;

/// <summary>The question before a stop, and the press.</summary>
internal sealed partial class StopPressEndpoints(
    IEmergencyStopSystem system, StopDesk desk, ILedger ledger, LedgerReading reading, LedgerMirror mirror, Refusals refusals,
    TimeProvider time, IOptions<ConsoleOptions> options, ILogger<StopPressEndpoints> log)
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapGet(ConsolePaths.Stop, (HttpContext http, StopPressEndpoints stops) => stops.AskAsync(http)).Requires(Deed.Stop);
        console.MapPost(ConsolePaths.Stop, (HttpContext http, StopPressEndpoints stops) => stops.PressAsync(http)).Requires(Deed.Stop);
    }

    private async Task<IResult> AskAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var errors = new FieldErrors();
        var panic = query["panic"] == "true";
        var asked = panic ? EmergencyStopScope.User : Words<EmergencyStopScope>.TryRead(query["scope"], out var scope) ? scope : (EmergencyStopScope?)null;
        var target = TargetResolution.Resolve(
            new() { Scope = asked, Target = asked == EmergencyStopScope.System ? null : query["target"].ToString() }, http.Caller, errors);
        var body = query["chosen"] == "true" ? StopForm.Body(query["do"]) : new StopBody();
        var wish = StopWish.Read(body, 0, panic ? StopOptions.Panic : new(), needsReason: false, 0, errors);
        return errors.Any || target is not { } known
            ? errors.ToProblem()
            : await QuestionAsync(http, known, wish, null, StatusCodes.Status200OK);
    }

    private async Task<IResult> PressAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(CancellationToken.None);
        var errors = new FieldErrors();
        var target = PathText.TryRead<StopTarget>("target", form["target"].ToString(), errors);
        var code = Words<EmergencyStopReason>.TryRead(form["code"], out var named) ? named : EmergencyStopReason.UserInitiated;
        var wish = StopWish.Read(
            StopForm.Body(form["do"]) with { Reason = form["reason"], ReasonCode = code }, 0, new(), needsReason: false, 0, errors);
        var press = form["press"].ToString();
        if (target is not { } known || !StopForm.IsPress(press))
        {
            return Problems.FormNotOurs;
        }

        if (errors.Any)
        {
            return await QuestionAsync(http, known, wish, errors.Found[0].Why, StatusCodes.Status400BadRequest);
        }

        return await desk.PressAsync(http, known, wish, StopForm.KeyOf(press), StopForm.HashOf(known, wish)) switch
        {
            StopAnswer.Engaged engaged => ConsolePage.SeeOther(ConsolePaths.Of(engaged.Stop.Id)),
            StopAnswer.KeyReused reused => ConsolePage.SeeOther(ConsolePaths.Of(reused.Stop)), // The question was answered once already.
            StopAnswer.Forbidden forbidden => await refusals.RefuseAsync(http.Caller, Deed.Stop, known.Value, forbidden.Why),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no known answer to a stop."),
        };
    }

    private async Task<IResult> QuestionAsync(HttpContext http, StopTarget target, StopWish wish, string? error, int status)
    {
        var owner = await OwnerAsync(target);
        if (owner.WhyNot is null && !Authority.Allows(http.Caller, Deed.Stop, owner.Value?.User))
        {
            return await refusals.RefuseAsync(http.Caller, Deed.Stop, target.Value, "A trader stops the own book, a symbol in it, or an own strategy.");
        }

        var preview = owner.WhyNot is null ? await PreviewAsync(http.Caller, target, wish.Options) : new(null, owner.WhyNot);
        return ConsolePage.Of<ConfirmPage>(new ConfirmModel(http.Caller, target, wish.Options, preview, StopForm.NewPress(), wish.Reason, error), status);
    }

    /// <summary>Whose book it is; when nobody can say, the question is asked without a preview, and the press decides.</summary>
    private async Task<Reading<Book>> OwnerAsync(StopTarget target) => target.Strategy switch
    {
        null => new(new(target.User), null),
        { } strategy when mirror.OwnerOf(strategy) is { } owner => new(new(owner), null),
        { } strategy => await reading.ReadAsync(async () => new Book((await ledger.FindStrategyAsync(strategy, CancellationToken.None))?.User)),
    };

    /// <summary>Whatever becomes of the preview, the question is asked.</summary>
    private async Task<Reading<StopPreview>> PreviewAsync(Caller caller, StopTarget target, StopOptions wished)
    {
        try
        {
            return new(await LedgerPatience.WithinAsync(() => system.PreviewAsync(target, wished, CancellationToken.None), options.Value.PreviewWait, time), null);
        }
        catch (LedgerUnavailableException)
        {
            return new(null, "The ledger does not answer in time.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNoPreview(e, target, caller.KeyId);
            return new(null, "The preview has failed.");
        }
    }

    private sealed record Book(UserId? User);

    [LoggerMessage(EventIds.NoPreview, LogLevel.Error, "The question before a stop of {Target} is asked of key {KeyId} without a preview, which has failed")]
    private partial void LogNoPreview(Exception e, StopTarget target, string keyId);
}
