using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Wire;

/// <summary>The words that stand for an enumeration's values on the wire: <c>stop_limit</c>, <c>USER_INITIATED</c>.</summary>
/// <remarks>Scopes and reason codes are upper case, everything else lower. They are read in either case.</remarks>
internal static class Words<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> ByValue =
        Enum.GetValues<TEnum>().ToFrozenDictionary(v => v, Word);

    private static readonly FrozenDictionary<string, TEnum> ByWord =
        ByValue.ToFrozenDictionary(p => p.Value, p => p.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every word, in the order of the values.</summary>
    public static ImmutableArray<string> All { get; } = [.. Enum.GetValues<TEnum>().Select(Word)];

    /// <summary>What a wrong word is answered with.</summary>
    public static string Choices { get; } = $"It must be one of {string.Join(", ", All)}.";

    /// <summary>The word for a value.</summary>
    public static string Of(TEnum value) => ByValue[value];

    /// <summary>The value of a word.</summary>
    public static bool TryRead([NotNullWhen(true)] string? word, out TEnum value)
    {
        value = default;
        return word is not null && ByWord.TryGetValue(word, out value);
    }

    private static string Word(TEnum value)
    {
        if (value is EmergencyStopScope.UserSymbol)
        {
            return "USER/SYMBOL";
        }

        var naming = value is EmergencyStopScope or EmergencyStopReason
            ? JsonNamingPolicy.SnakeCaseUpper
            : JsonNamingPolicy.SnakeCaseLower;
        return naming.ConvertName(value.ToString());
    }
}
