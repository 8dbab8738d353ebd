using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Orleans;

namespace EmergencyStop.Ids;

/// <summary>What is traded, in its one canonical spelling.</summary>
/// <remarks>
/// <c>btc/usd</c>, <c>BTCUSD</c>, <c>BTC_USD</c> and <c>BTC-USD</c> are all <c>BTC-USD</c>, and <c>brk/b</c> is
/// <c>BRK.B</c>: an order must not dodge a stop by its spelling. A pair without a separator is recognised by its
/// quote currency; what would not be recognised without a separator (<c>A/USD</c>) is no pair with one either, as a
/// venue may spell its orders one way and its positions the other.
/// </remarks>
[GenerateSerializer, Immutable, Alias("symbol")]
[JsonConverter(typeof(IdJsonConverter<Symbol>))]
public readonly record struct Symbol : IId<Symbol>
{
    private const int Longest = 32;
    private static readonly string[] Quotes = ["USDT", "USDC", "USD", "EUR", "GBP", "BTC", "ETH"];

    private Symbol(string value) => Value = value;

    /// <inheritdoc/>
    [Id(0)]
    public string Value { get; }

    /// <inheritdoc/>
    public static bool TryParse(string? text, out Symbol id, [NotNullWhen(false)] out string? why)
    {
        id = default;
        why = null;
        if (string.IsNullOrEmpty(text))
        {
            why = "The symbol is missing.";
        }
        else if (text.Length > Longest)
        {
            why = $"The symbol has {text.Length} characters; {Longest} is the most.";
        }
        else if (!HasSymbolShape(text))
        {
            why = "The symbol may hold letters and digits, with single . / - _ between them.";
        }
        else
        {
            var canonical = Canonical(text.ToUpperInvariant());
            why = canonical.Length > Longest ? $"The symbol is longer than {Longest} characters as {canonical}." : null;
            id = why is null ? new(canonical) : default;
        }

        return why is null;
    }

    /// <summary>Reads a symbol in any of its spellings.</summary>
    /// <exception cref="ArgumentException">The text is no symbol.</exception>
    public static Symbol Parse(string? text) =>
        TryParse(text, out var id, out var why) ? id : throw new ArgumentException(why, nameof(text));

    /// <summary>The two currencies of a pair; <c>null</c> for anything else.</summary>
    public (string Base, string Quote)? Pair
    {
        get
        {
            var at = Value.IndexOf('-', StringComparison.Ordinal);
            return at < 0 ? null : (Value[..at], Value[(at + 1)..]);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Value ?? string.Empty;

    private static bool HasSymbolShape(string text)
    {
        var afterSeparator = true;
        foreach (var c in text)
        {
            var separator = c is '.' or '/' or '-' or '_';
            if ((separator && afterSeparator) || (!separator && !char.IsAsciiLetterOrDigit(c)))
            {
                return false;
            }

            afterSeparator = separator;
        }

        return !afterSeparator;
    }

    private static string Canonical(string upper)
    {
        var parts = upper.Split('/', '-', '_');
        if (parts.Length == 2 && SplitPair(parts[0] + parts[1]) == $"{parts[0]}-{parts[1]}")
        {
            return $"{parts[0]}-{parts[1]}";
        }

        return parts.Length == 1 ? SplitPair(upper) : string.Join('.', parts);
    }

    /// <summary>Listed shares have at most five letters and none of them ends like these, so a suffix settles it.</summary>
    private static string SplitPair(string upper)
    {
        foreach (var quote in Quotes)
        {
            var shortestBase = quote is "BTC" or "ETH" ? 3 : 2;
            if (upper.Length >= quote.Length + shortestBase
                && upper.EndsWith(quote, StringComparison.Ordinal)
                && !upper.Contains('.', StringComparison.Ordinal))
            {
                return $"{upper[..^quote.Length]}-{quote}";
            }
        }

        return upper;
    }
}
