using System.Diagnostics.CodeAnalysis;

namespace EmergencyStop.Ids;

/// <summary>The characters and lengths that identifiers may have.</summary>
internal static class IdText
{
    /// <summary>Longest user or strategy id, in characters.</summary>
    public const int MaxName = 64;

    /// <summary>Longest order id, in characters; Alpaca's <c>client_order_id</c> holds 48.</summary>
    public const int MaxOrder = 48;

    /// <summary>Letters, digits and <c>. _ - @ + = ~ | ! $ * ,</c>; never <c>/</c> or <c>:</c>, which separate the parts of a target.</summary>
    public static bool TryCheck(string? text, string what, int longest, [NotNullWhen(false)] out string? why)
    {
        why = null;
        if (string.IsNullOrEmpty(text))
        {
            why = $"{what} is missing.";
        }
        else if (text.Length > longest)
        {
            why = $"{what} has {text.Length} characters; {longest} is the most.";
        }
        else if (!text.All(IsAllowed))
        {
            why = $"{what} may hold letters, digits and . _ - @ + = ~ | ! $ * , only.";
        }

        return why is null;
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || "._-@+=~|!$*,".Contains(c, StringComparison.Ordinal);
}
