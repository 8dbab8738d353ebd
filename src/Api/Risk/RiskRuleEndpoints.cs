using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Risk;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Risk;

/// <summary>The calls on risk rules.</summary>
internal static class RiskRuleEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapRiskRules(this IEndpointRouteBuilder api)
    {
        var rules = api.MapGroup("risk/rules").WithTags("Risk");
        rules.MapGet(string.Empty, ListAsync)
            .Requires(Deed.Read)
            .WithSummary("Risk rules, by name")
            .WithDescription("A trader sees those that watch the own book.")
            .Produces<RiskRulesResponse>()
            .ProducesProblems(403);
        rules.MapGet("{rule_id}", FindAsync)
            .Requires(Deed.Read)
            .WithSummary("One risk rule")
            .Produces<RiskRuleResponse>()
            .ProducesProblems(400, 404);
        rules.MapGet("{rule_id}/versions", VersionsAsync)
            .Requires(Deed.Read)
            .WithSummary("Every version of a risk rule, newest first")
            .WithDescription("Who wrote it, when and why; the deletion is a version too.")
            .Produces<RiskRuleVersionsResponse>()
            .ProducesProblems(400, 404);
        rules.MapPut("{rule_id}", WriteAsync)
            .Requires(Deed.WriteRules)
            .Needs<RiskRuleBody>()
            .WithSummary("Write a risk rule")
            .WithDescription("What the body leaves out has its default. A change needs If-Match with the version that was read; every process knows it within Risk:RulesEvery.")
            .Produces<RiskRuleResponse>()
            .ProducesProblems(400, 403, 409, 412, 413, 415, 428);
        rules.MapDelete("{rule_id}", DeleteAsync)
            .Requires(Deed.WriteRules)
            .Queries(("reason", "Why, in words."))
            .WithSummary("Take a risk rule away")
            .WithDescription("Its versions stay. A stop that it made stands until it is released.")
            .Produces<RiskRuleResponse>()
            .ProducesProblems(400, 403, 404, 409, 412, 428);
    }

    private static async Task<IResult> ListAsync(HttpContext http, ILedger ledger, RulesFileStatus file) => TypedResults.Ok(new RiskRulesResponse(
        [.. (await ledger.RiskRulesAsync(http.RequestAborted)).Where(v => !v.Deleted && MaySee(http.Caller, v)).Select(RiskRuleResponse.Of)],
        file.Now));

    private static async Task<IResult> FindAsync(HttpContext http, string rule_id, ILedger ledger)
    {
        var (id, versions, problem) = await ReadAsync(http, rule_id, ledger);
        if (problem is not null)
        {
            return problem;
        }

        return versions is [{ Deleted: false } newest, ..] && MaySee(http.Caller, newest) ? Answer(http, newest) : NotFound(id);
    }

    private static async Task<IResult> VersionsAsync(HttpContext http, string rule_id, ILedger ledger)
    {
        var (id, versions, problem) = await ReadAsync(http, rule_id, ledger);
        if (problem is not null)
        {
            return problem;
        }

        var seen = versions.Where(v => MaySee(http.Caller, v)).ToArray();
        return seen.Length == 0 ? NotFound(id) : TypedResults.Ok(new RiskRuleVersionsResponse([.. seen.Select(RiskRuleResponse.Of)]));
    }

    private static async Task<IResult> WriteAsync(HttpContext http, string rule_id, ILedger ledger, TimeProvider time)
    {
        var (body, _, wrong) = await RequestBody.ReadAsync<RiskRuleBody>(http);
        if (body is null)
        {
            return wrong!; // There is one whenever there is no body.
        }

        var (id, versions, problem) = await ReadAsync(http, rule_id, ledger);
        if (problem is not null)
        {
            return problem;
        }

        var errors = new FieldErrors();
        var rule = RiskRuleReading.Read(id, body, errors);
        var reason = ReasonText.Read(body.Reason, needed: true, errors);
        if (errors.Any)
        {
            return errors.ToProblem();
        }

        var newest = versions.Count > 0 ? versions[0] : null;
        return Refusal(http, newest) is { } refusal
            ? refusal
            : await CommitAsync(http, ledger, new(rule, newest?.Version ?? 0, Deleted: false, RiskRuleSource.Api, http.Caller.DisplayName, time.GetUtcNow(), reason));
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string rule_id, ILedger ledger, TimeProvider time)
    {
        var (id, versions, problem) = await ReadAsync(http, rule_id, ledger);
        var errors = new FieldErrors();
        var query = new QueryFields(http.Request.Query, errors);
        var reason = ReasonText.Read(query.Text("reason", EmergencyStopRequest.LongestReason), needed: true, errors);
        query.Finish();
        if (problem is not null || errors.Any)
        {
            return problem ?? errors.ToProblem();
        }

        if (versions is not [{ Deleted: false } newest, ..])
        {
            return NotFound(id);
        }

        return Refusal(http, newest) is { } refusal
            ? refusal
            : await CommitAsync(http, ledger, new(newest.Rule, newest.Version, Deleted: true, RiskRuleSource.Api, http.Caller.DisplayName, time.GetUtcNow(), reason));
    }

    private static async Task<IResult> CommitAsync(HttpContext http, ILedger ledger, RiskRuleWrite write)
    {
        var answer = await ledger.WriteRiskRulesAsync([write], CancellationToken.None);
        return answer.Written is [var written, ..] ? Answer(http, written) : Problems.VersionPassed(answer.Conflict?.Version ?? 0);
    }

    /// <summary>Why this version may not be changed by this request.</summary>
    private static Problem? Refusal(HttpContext http, RiskRuleVersion? newest)
    {
        var asked = http.Request.Headers.IfMatch.ToString();
        return newest switch
        {
            null or { Deleted: true } => asked.Length > 0 ? Problems.VersionPassed(newest?.Version ?? 0) : null,
            { Source: RiskRuleSource.File } => Problems.RuleOwnedByFile(newest.Rule.Id.Value),
            _ when asked.Length == 0 => Problems.VersionNeeded(newest.Version),
            _ => asked == TagOf(newest) ? null : Problems.VersionPassed(newest.Version),
        };
    }

    private static async Task<(RiskRuleId Id, IReadOnlyList<RiskRuleVersion> Versions, Problem? Problem)> ReadAsync(HttpContext http, string segment, ILedger ledger)
    {
        var errors = new FieldErrors();
        return PathText.TryRead<RiskRuleId>("rule_id", segment, errors) is { } id
            ? (id, await ledger.RiskRuleVersionsAsync(id, http.RequestAborted), null)
            : (default, [], errors.ToProblem());
    }

    private static bool MaySee(Caller caller, RiskRuleVersion version) =>
        Authority.Of(caller.Role, Deed.Read) == Reach.All || version.Rule.User is null || version.Rule.User == caller.User;

    private static Microsoft.AspNetCore.Http.HttpResults.Ok<RiskRuleResponse> Answer(HttpContext http, RiskRuleVersion version)
    {
        http.Response.Headers.ETag = TagOf(version);
        return TypedResults.Ok(RiskRuleResponse.Of(version));
    }

    private static string TagOf(RiskRuleVersion version) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\"{version.Version}\"");

    private static Problem NotFound(RiskRuleId id) => Problems.NotFound($"There is no risk rule {id} that this key may see.");
}
