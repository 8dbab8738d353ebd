using System.Globalization;

namespace EmergencyStop.Ledger.Rows;

/// <summary>How values stand in the file.</summary>
internal static class Values
{
    public static CultureInfo Invariant => CultureInfo.InvariantCulture;

    /// <summary>Microseconds since 1970 UTC.</summary>
    public static long Micros(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static long? Micros(DateTimeOffset? at) => at is { } time ? Micros(time) : null;

    public static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    public static long? Micros(TimeSpan? span) => span is { } time ? Micros(time) : null;

    public static DateTimeOffset Time(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset? Time(long? micros) => micros is { } value ? Time(value) : null;

    public static TimeSpan? Span(long? micros) => micros is { } value ? TimeSpan.FromTicks(value * TimeSpan.TicksPerMicrosecond) : null;

    /// <summary>The time as the file can hold it, so that an answer equals what is read back.</summary>
    public static DateTimeOffset Stored(DateTimeOffset at) => Time(Micros(at));

    /// <summary>One spelling per value: no trailing zeros, never an exponent.</summary>
    public static string Text(decimal value) => (value / 1.0000000000000000000000000000m).ToString(Invariant);

    public static string? Text(decimal? value) => value is { } number ? Text(number) : null;

    public static decimal Decimal(string text) => decimal.Parse(text, NumberStyles.Number, Invariant);

    public static decimal? DecimalOrNull(string? text) => text is null ? null : Decimal(text);
}
