using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmergencyStop.Ledger.Risk;

/// <summary>How rules, watches and terms stand in a ledger's text columns: JSON, the same for every ledger.</summary>
public static class RiskText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
    };

    /// <summary>The text of a value.</summary>
    public static string Write<T>(T value)
        where T : class => JsonSerializer.Serialize(value, Options);

    /// <summary>The value of a text.</summary>
    public static T Read<T>(string text)
        where T : class =>
        JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException($"A row of {typeof(T).Name} is empty.");
}
