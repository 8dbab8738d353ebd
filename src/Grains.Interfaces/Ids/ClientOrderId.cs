using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Orleans;

namespace EmergencyStop.Ids;

/// <summary>The caller's own name for an order, unique per user.</summary>
[GenerateSerializer, Immutable, Alias("client-order-id")]
[JsonConverter(typeof(IdJsonConverter<ClientOrderId>))]
public readonly record struct ClientOrderId : IId<ClientOrderId>
{
    private ClientOrderId(string value) => Value = value;

    /// <inheritdoc/>
    [Id(0)]
    public string Value { get; }

    /// <inheritdoc/>
    public static bool TryParse(string? text, out ClientOrderId id, [NotNullWhen(false)] out string? why)
    {
        var good = IdText.TryCheck(text, "The client order id", IdText.MaxName, out why);
        id = good ? new(text!) : default; // TryCheck has refused null.
        return good;
    }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="ArgumentException">The text is no such identifier.</exception>
    public static ClientOrderId Parse(string? text) =>
        TryParse(text, out var id, out var why) ? id : throw new ArgumentException(why, nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Value ?? string.Empty;
}
