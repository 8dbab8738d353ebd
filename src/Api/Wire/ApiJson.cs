using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmergencyStop.Api.Wire;

/// <summary>How JSON is read and written: snake_case, words for enumerations, nothing unknown and nothing twice.</summary>
internal static class ApiJson
{
    private const int DeepestNesting = 8;

    /// <summary>The options of every body that comes in or goes out.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>Sets options to the same.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.Converters.Add(new WordJsonConverterFactory());
        options.Converters.Add(new UtcJsonConverter());
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { MaxDepth = DeepestNesting };
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
