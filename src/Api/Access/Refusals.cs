using System.Text.Json;
using EmergencyStop.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Audit;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Api.Access;

/// <summary>Notes attempts that were refused for want of authority; those to stop or release go into the audit.</summary>
internal sealed partial class Refusals(IAuditLedger audit, TimeProvider time, ILogger<Refusals> logger)
{
    /// <summary>Notes a refusal and makes the answer to it.</summary>
    public async Task<Problem> RefuseAsync(Caller caller, Deed deed, string subject, string why)
    {
        await NoteAsync(caller, deed, subject, why);
        return Problems.Forbidden(why);
    }

    /// <summary>Notes a refusal.</summary>
    public async Task NoteAsync(Caller caller, Deed deed, string subject, string why)
    {
        LogRefused(deed, subject, caller.KeyId, caller.Role, why);
        var action = deed switch
        {
            Deed.Stop => "stop.refused",
            Deed.Release => "release.refused",
            _ => null,
        };
        if (action is null)
        {
            return;
        }

        var details = JsonSerializer.Serialize(new { key_id = caller.KeyId, role = caller.Role, why }, ApiJson.Options);
        try
        {
            // Nobody's hanging up takes the entry back.
            await audit.AppendAuditAsync(new(time.GetUtcNow(), caller.DisplayName, action, subject, details), CancellationToken.None);
        }
        catch (LedgerUnavailableException e)
        {
            LogRefusalNotAudited(e, deed, subject, caller.KeyId); // The refusal stands with or without its entry.
        }
    }

    [LoggerMessage(EventIds.Refused, LogLevel.Warning, "{Deed} of {Target} refused to key {KeyId} ({Role}): {Why}")]
    private partial void LogRefused(Deed deed, string target, string keyId, Role role, string why);

    [LoggerMessage(EventIds.RefusalNotAudited, LogLevel.Error, "{Deed} of {Target} refused to key {KeyId}, but not audited")]
    private partial void LogRefusalNotAudited(Exception e, Deed deed, string target, string keyId);
}
