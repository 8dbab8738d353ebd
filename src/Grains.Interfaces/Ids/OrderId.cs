using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Orleans;

namespace EmergencyStop.Ids;

/// <summary>An order. Made by the service and sent to the venue as its client order id.</summary>
[GenerateSerializer, Immutable, Alias("order-id")]
[JsonConverter(typeof(IdJsonConverter<OrderId>))]
public readonly record struct OrderId : IId<OrderId>
{
    private OrderId(string value) => Value = value;

    /// <inheritdoc/>
    [Id(0)]
    public string Value { get; }

    /// <inheritdoc/>
    public static bool TryParse(string? text, out OrderId id, [NotNullWhen(false)] out string? why)
    {
        var good = IdText.TryCheck(text, "The order id", IdText.MaxOrder, out why);
        id = good ? new(text!) : default; // TryCheck has refused null.
        return good;
    }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="ArgumentException">The text is no such identifier.</exception>
    public static OrderId Parse(string? text) =>
        TryParse(text, out var id, out var why) ? id : throw new ArgumentException(why, nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Value ?? string.Empty;
}
