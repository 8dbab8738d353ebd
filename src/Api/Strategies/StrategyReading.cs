using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;

namespace EmergencyStop.Api.Strategies;

/// <summary>Checks what a strategy is registered with. Pure.</summary>
internal static class StrategyReading
{
    private const int LongestName = 200;
    private const int LongestUrl = 2_000;

    /// <summary>The owner, name and callback; only to be used when no error was noted.</summary>
    public static (UserId User, string? Name, string? CallbackUrl) Read(StrategyBody body, FieldErrors errors)
    {
        var user = errors.Required("user_id", body.UserId);
        var name = string.IsNullOrWhiteSpace(body.Name) ? null : body.Name.Trim();
        errors.AddIf(name?.Length > LongestName, "name", $"name has {name?.Length} characters; {LongestName} is the most.");
        errors.AddIf(name?.Any(char.IsControl) == true, "name", "name may hold no control characters.");
        errors.AddIf(
            body.CallbackUrl is { } url && !IsCallback(url),
            "callback_url",
            $"callback_url must be an absolute http or https URL of at most {LongestUrl} characters, without user name or fragment.");
        return (user, name, body.CallbackUrl);
    }

    private static bool IsCallback(string text) =>
        text.Length <= LongestUrl
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url is { UserInfo: "", Fragment: "", Host.Length: > 0 };
}
