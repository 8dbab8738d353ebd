using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Orleans;

namespace EmergencyStop.Ids;

/// <summary>One stop.</summary>
[GenerateSerializer, Immutable, Alias("stop-id")]
[JsonConverter(typeof(IdJsonConverter<StopId>))]
public readonly record struct StopId : IId<StopId>
{
    private StopId(string value) => Value = value;

    /// <inheritdoc/>
    [Id(0)]
    public string Value { get; }

    /// <inheritdoc/>
    public static bool TryParse(string? text, out StopId id, [NotNullWhen(false)] out string? why)
    {
        var good = IdText.TryCheck(text, "The stop id", IdText.MaxName, out why);
        id = good ? new(text!) : default; // TryCheck has refused null.
        return good;
    }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="ArgumentException">The text is no such identifier.</exception>
    public static StopId Parse(string? text) =>
        TryParse(text, out var id, out var why) ? id : throw new ArgumentException(why, nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Value ?? string.Empty;
}
