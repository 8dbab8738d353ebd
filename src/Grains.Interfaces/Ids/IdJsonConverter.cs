using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmergencyStop.Ids;

/// <summary>Writes an identifier as its text, and refuses text that is none.</summary>
public sealed class IdJsonConverter<TId> : JsonConverter<TId>
    where TId : struct, IId<TId>
{
    /// <inheritdoc/>
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return TId.TryParse(text, out var id, out var why) ? id : throw new JsonException(why);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
