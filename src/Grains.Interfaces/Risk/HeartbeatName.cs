using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using EmergencyStop.Ids;
using Orleans;

namespace EmergencyStop.Risk;

/// <summary>The name of a dead-man's switch; where its owner gives none, the text of its target: <c>STRATEGY:s1</c>.</summary>
[GenerateSerializer, Immutable, Alias("heartbeat-name")]
[JsonConverter(typeof(IdJsonConverter<HeartbeatName>))]
public readonly record struct HeartbeatName : IId<HeartbeatName>
{
    /// <summary>Longest name, in characters: a target's scope with its id.</summary>
    public const int Longest = 80;

    private HeartbeatName(string value) => Value = value;

    /// <inheritdoc/>
    [Id(0)]
    public string Value { get; }

    /// <inheritdoc/>
    public static bool TryParse(string? text, out HeartbeatName id, [NotNullWhen(false)] out string? why)
    {
        var good = IdText.TryCheck(text?.Replace(':', '.'), "The name", Longest, out why); // A colon is allowed, as in a target.
        id = good ? new(text!) : default; // TryCheck has refused null.
        return good;
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="ArgumentException">The text is no such name.</exception>
    public static HeartbeatName Parse(string? text) =>
        TryParse(text, out var id, out var why) ? id : throw new ArgumentException(why, nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Value ?? string.Empty;
}
