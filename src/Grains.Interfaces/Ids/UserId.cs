using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Orleans;

namespace EmergencyStop.Ids;

/// <summary>Whose book it is: the owner of orders, strategies and positions.</summary>
[GenerateSerializer, Immutable, Alias("user-id")]
[JsonConverter(typeof(IdJsonConverter<UserId>))]
public readonly record struct UserId : IId<UserId>
{
    private UserId(string value) => Value = value;

    /// <inheritdoc/>
    [Id(0)]
    public string Value { get; }

    /// <inheritdoc/>
    public static bool TryParse(string? text, out UserId id, [NotNullWhen(false)] out string? why)
    {
        var good = IdText.TryCheck(text, "The user id", IdText.MaxName, out why);
        id = good ? new(text!) : default; // TryCheck has refused null.
        return good;
    }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="ArgumentException">The text is no such identifier.</exception>
    public static UserId Parse(string? text) =>
        TryParse(text, out var id, out var why) ? id : throw new ArgumentException(why, nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Value ?? string.Empty;
}
