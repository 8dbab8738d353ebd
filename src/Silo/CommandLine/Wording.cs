using System.Globalization;
using System.Text.Json;
using EmergencyStop.Client;

namespace EmergencyStop.Silo.CommandLine;

/// <summary>Values as words for people. Pure.</summary>
internal static class Wording
{
    /// <summary>A reason code as the API spells it.</summary>
    public static string Code(EmergencyStopReason reason) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(reason.ToString());

    /// <summary>Any other word as the API spells it.</summary>
    public static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Milliseconds with one decimal.</summary>
    public static string Ms(double milliseconds) => milliseconds.ToString("0.0 ms", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A time in UTC, to the second.</summary>
    public static string Time(DateTimeOffset? time) => time?.ToString("u", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>Text of other people on one line, without control characters that could steer the terminal.</summary>
    public static string Line(string? text) => new([.. (text ?? "-").Select(c => char.IsControl(c) ? ' ' : c)]);
}
