using System.Security.Cryptography;
using System.Text;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Wire;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Primitives;

namespace EmergencyStop.Api.Console;

/// <summary>How the question before a stop spells what the stop does. Pure.</summary>
internal static class StopForm
{
    public const string Cancel = "cancel";
    public const string Pause = "pause";
    public const string Close = "close";
    public const string KeepProtective = "keep-protective";

    private const int PressCharacters = 32;

    /// <summary>A new question's own name.</summary>
    public static string NewPress() => RandomNumberGenerator.GetHexString(PressCharacters, lowercase: true);

    /// <summary>Whether a text can be such a name.</summary>
    public static bool IsPress(string text) => text.Length == PressCharacters && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The idempotency key of a press.</summary>
    public static string KeyOf(string press) => $"console-{press}";

    /// <summary>What was chosen, as the API would have been told.</summary>
    public static StopBody Body(StringValues chosen) => new()
    {
        CancelOrders = chosen.Contains(Cancel),
        PauseStrategies = chosen.Contains(Pause),
        ClosePositions = chosen.Contains(Close),
        KeepProtective = chosen.Contains(KeepProtective),
    };

    /// <summary>What a press's name is bound to: the same name for something else is refused.</summary>
    public static string HashOf(StopTarget target, StopWish wish) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"console\n{target}\n{wish.Options}\n{Words<EmergencyStopReason>.Of(wish.ReasonCode)}\n{wish.Reason}")));
}
