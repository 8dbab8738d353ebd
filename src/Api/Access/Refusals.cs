using EmergencyStop.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Api.Access;

/// <summary>Notes attempts that were refused for want of authority; those to stop or release go into the audit.</summary>
internal sealed partial class Refusals(RefusedAttempts attempts, ILogger<Refusals> logger)
{
    /// <summary>Notes a refusal and makes the answer to it.</summary>
    public async Task<Problem> RefuseAsync(Caller caller, Deed deed, string subject, string why)
    {
        await NoteAsync(caller, deed, subject, why);
        return Problems.Forbidden(why);
    }

    /// <summary>Notes that the role of whoever sent this request may not do it, and makes the answer.</summary>
    public Task<Problem> RefuseRoleAsync(HttpContext http) => RefuseAsync(
        http.Caller,
        http.GetEndpoint()?.Metadata.GetMetadata<DeedRequirement>()?.Deed ?? Deed.Read,
        http.Request.Path.Value ?? string.Empty,
        $"The role {Words<Role>.Of(http.Caller.Role)} may not do this.");

    /// <summary>Notes a refusal.</summary>
    public async Task NoteAsync(Caller caller, Deed deed, string subject, string why)
    {
        LogRefused(deed, subject, caller.KeyId, caller.Role, why);
        var action = deed switch
        {
            Deed.Stop => "stop.refused",
            Deed.Release => "release.refused",
            Deed.Waive => "waive.refused",
            Deed.Except => "except.refused",
            Deed.PassGate => "past_gate.refused",
            Deed.WriteRules => "risk_rule.refused",
            _ => null,
        };
        if (action is null)
        {
            return;
        }

        await attempts.NoteAsync(new(caller.DisplayName, action, subject, caller.KeyId, null, why));
    }

    [LoggerMessage(EventIds.Refused, LogLevel.Warning, "{Deed} of {Target} refused to key {KeyId} ({Role}): {Why}")]
    private partial void LogRefused(Deed deed, string target, string keyId, Role role, string why);
}
