using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmergencyStop.Client.Wire;

/// <summary>The service's JSON: snake_case, words for enumerations. Fields that this client does not know are passed over.</summary>
internal static class ClientJson
{
    /// <summary>What is sent and received; absent values are not sent.</summary>
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
