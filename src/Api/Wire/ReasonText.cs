using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Wire;

/// <summary>Checks the reasons that people give. Pure.</summary>
internal static class ReasonText
{
    /// <summary>The reason without white space around it; empty when there is none.</summary>
    public static string Read(string? text, bool needed, FieldErrors errors)
    {
        var reason = text?.Trim() ?? string.Empty;
        errors.AddIf(needed && reason.Length == 0, "reason", "reason is missing: say why, in words.");
        errors.AddIf(
            reason.Length > EmergencyStopRequest.LongestReason,
            "reason",
            $"reason has {reason.Length} characters; {EmergencyStopRequest.LongestReason} is the most.");
        errors.AddIf(
            reason.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')), "reason", "reason may hold no control characters.");
        return reason;
    }
}
