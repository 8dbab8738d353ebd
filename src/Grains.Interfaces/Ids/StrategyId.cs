using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Orleans;

namespace EmergencyStop.Ids;

/// <summary>The program that decides on orders.</summary>
[GenerateSerializer, Immutable, Alias("strategy-id")]
[JsonConverter(typeof(IdJsonConverter<StrategyId>))]
public readonly record struct StrategyId : IId<StrategyId>
{
    private StrategyId(string value) => Value = value;

    /// <inheritdoc/>
    [Id(0)]
    public string Value { get; }

    /// <inheritdoc/>
    public static bool TryParse(string? text, out StrategyId id, [NotNullWhen(false)] out string? why)
    {
        var good = IdText.TryCheck(text, "The strategy id", IdText.MaxName, out why);
        id = good ? new(text!) : default; // TryCheck has refused null.
        return good;
    }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="ArgumentException">The text is no such identifier.</exception>
    public static StrategyId Parse(string? text) =>
        TryParse(text, out var id, out var why) ? id : throw new ArgumentException(why, nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Value ?? string.Empty;
}
