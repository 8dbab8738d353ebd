using System.Globalization;
using System.Text.Json;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Events;

/// <summary>How values stand in the data of events: as in the answers of the API.</summary>
internal static class EventText
{
    public static string ReasonCode(EmergencyStopReason code) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(code.ToString());

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>To the microsecond, which is what every ledger keeps.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static string? Time(DateTimeOffset? at) => at is { } time ? Time(time) : null;

    /// <summary>One spelling per value: no trailing zeros, never an exponent.</summary>
    public static string? Number(decimal? value) => value is { } number
        ? (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : null;
}
