using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using EmergencyStop.Ids;
using Orleans;

namespace EmergencyStop.Risk;

/// <summary>The name of a risk rule, given by whoever writes it.</summary>
[GenerateSerializer, Immutable, Alias("risk-rule-id")]
[JsonConverter(typeof(IdJsonConverter<RiskRuleId>))]
public readonly record struct RiskRuleId : IId<RiskRuleId>
{
    private RiskRuleId(string value) => Value = value;

    /// <inheritdoc/>
    [Id(0)]
    public string Value { get; }

    /// <inheritdoc/>
    public static bool TryParse(string? text, out RiskRuleId id, [NotNullWhen(false)] out string? why)
    {
        var good = IdText.TryCheck(text, "The rule id", IdText.MaxName, out why);
        id = good ? new(text!) : default; // TryCheck has refused null.
        return good;
    }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="ArgumentException">The text is no such identifier.</exception>
    public static RiskRuleId Parse(string? text) =>
        TryParse(text, out var id, out var why) ? id : throw new ArgumentException(why, nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Value ?? string.Empty;
}
