using System.Text.Json;
using System.Text.Json.Serialization;
using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <summary>The service's JSON: snake_case, words for enumerations. Fields that this client does not know are passed over.</summary>
public static class EmergencyStopJson
{
    /// <summary>What is sent and received, to write results as the service does; absent values are left out.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            PropertyNameCaseInsensitive = false,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        options.Converters.Add(new WordJsonConverterFactory());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
