namespace EmergencyStop.Api.Console;

/// <summary>What was read, or that it could not be: what nobody can read is never shown as empty (F8).</summary>
/// <typeparam name="T">What was asked for.</typeparam>
/// <param name="Value">What was read; <c>null</c> when it could not be.</param>
/// <param name="WhyNot">Why it could not be read, in words.</param>
public sealed record Reading<T>(T? Value, string? WhyNot)
    where T : class;
