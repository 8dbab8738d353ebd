using System.Globalization;
using EmergencyStop.Api.Wire;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Console;

/// <summary>Values as words for people. Pure.</summary>
internal static class ConsoleWords
{
    /// <summary>What a target is called: <c>everything</c>, <c>user alice</c>.</summary>
    public static string Of(StopTarget target) => target switch
    {
        { Scope: EmergencyStopScope.System } => "everything",
        { User: { } user, Symbol: { } symbol } => $"{symbol} in the book of {user}",
        { User: { } user } => $"the book of {user}",
        { Strategy: { } strategy } => $"strategy {strategy}",
        { Symbol: { } symbol } => $"symbol {symbol}",
        _ => target.Value,
    };

    /// <summary>How far a stop is.</summary>
    public static string Of(StopState state) => state switch
    {
        StopState.Working => "still working",
        StopState.Completed => "completed",
        _ => "outstanding",
    };

    /// <summary>What is owed.</summary>
    public static string Of(ObligationKind kind) => kind switch
    {
        ObligationKind.MassCancel => "mass cancel",
        ObligationKind.Verification => "reading of the venue",
        _ => Words<ObligationKind>.Of(kind),
    };

    /// <summary>A reason's kind.</summary>
    public static string Of(EmergencyStopReason reason) => reason switch
    {
        EmergencyStopReason.UserInitiated => "a person decided",
        EmergencyStopReason.RiskViolation => "a risk limit was broken",
        EmergencyStopReason.SystemError => "the service or a part of it is in doubt",
        EmergencyStopReason.MarketCondition => "the market behaves oddly",
        EmergencyStopReason.ConnectivityIssue => "a connection was lost",
        EmergencyStopReason.RegulatoryHalt => "a regulator or an exchange has halted trading",
        _ => Words<EmergencyStopReason>.Of(reason),
    };

    /// <summary>Any value's word, as the API spells it: for forms.</summary>
    public static string Wire<TEnum>(TEnum value)
        where TEnum : struct, Enum => Words<TEnum>.Of(value);

    /// <summary>The same for people, with spaces.</summary>
    public static string Plain<TEnum>(TEnum value)
        where TEnum : struct, Enum => Wire(value).Replace('_', ' ');

    /// <summary>An order's price in words, where it has one.</summary>
    public static string PriceOf(OrderTerms terms) => terms switch
    {
        { LimitPrice: { } limit, StopPrice: { } stop } => $"{Number(limit)}, from {Number(stop)}",
        { LimitPrice: { } limit } => Number(limit),
        { StopPrice: { } stop } => $"from {Number(stop)}",
        { TrailPrice: { } trail } => $"{Number(trail)} behind",
        { TrailPercent: { } percent } => $"{Number(percent)} % behind",
        _ => "market",
    };

    /// <summary>A number with no zeros at its end.</summary>
    public static string Number(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    /// <summary>A number with groups of thousands.</summary>
    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number of things, one or many.</summary>
    public static string Count(long number, string one, string many) => $"{Count(number)} {(number == 1 ? one : many)}";

    /// <summary>A length of time with a unit that fits it.</summary>
    public static string Of(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 1_000 => time.TotalMilliseconds.ToString("0.0 'ms'", CultureInfo.InvariantCulture),
        < 120_000 => time.TotalSeconds.ToString("0.0 's'", CultureInfo.InvariantCulture),
        < 7_200_000 => time.TotalMinutes.ToString("0 'min'", CultureInfo.InvariantCulture),
        < 172_800_000 => time.TotalHours.ToString("0 'h'", CultureInfo.InvariantCulture),
        _ => time.TotalDays.ToString("0 'days'", CultureInfo.InvariantCulture),
    };
}
