using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmergencyStop.Client.Wire;

/// <summary>The words that stand for an enumeration's values on the wire: <c>stop_limit</c>, <c>USER_INITIATED</c>.</summary>
/// <remarks>A word of a later version is read as the value 0, <c>Unrecognized</c>.</remarks>
internal static class Words<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> ByValue = Enum.GetValues<TEnum>().ToFrozenDictionary(v => v, Word);

    private static readonly FrozenDictionary<string, TEnum> ByWord =
        ByValue.ToFrozenDictionary(p => p.Value, p => p.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>The word for a value.</summary>
    public static string Of(TEnum value) => ByValue[value];

    /// <summary>The value of a word; <c>Unrecognized</c> for one that is not known.</summary>
    public static TEnum Read(string? word) => word is null ? default : ByWord.GetValueOrDefault(word);

    private static string Word(TEnum value)
    {
        if (value is EmergencyStopScope.UserSymbol)
        {
            return "USER/SYMBOL";
        }

        var naming = value is EmergencyStopScope or EmergencyStopReason ? JsonNamingPolicy.SnakeCaseUpper : JsonNamingPolicy.SnakeCaseLower;
        return naming.ConvertName(value.ToString());
    }
}

/// <summary>Reads and writes enumerations as their words.</summary>
internal sealed class WordJsonConverterFactory : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(WordJsonConverter<>).MakeGenericType(typeToConvert))!; // Never null for a class.
}

/// <summary>The converter of one enumeration.</summary>
internal sealed class WordJsonConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    /// <inheritdoc/>
    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Words<TEnum>.Read(reader.GetString()) : throw new JsonException("A word was expected.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Words<TEnum>.Of(value));
}
