using System.Globalization;
using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace EmergencyStop.Venues.Tests.Description;

/// <summary>The broker's own description of its API, and whether an answer is as it says.</summary>
internal sealed class AlpacaDescription
{
    private const string File = "shared/alpaca/trading-openapi.yaml";
    private readonly YamlMappingNode _root;

    private AlpacaDescription(YamlMappingNode root) => _root = root;

    /// <summary>The description beside the checkout; <c>null</c> where it is not.</summary>
    public static AlpacaDescription? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, File);
            if (System.IO.File.Exists(path))
            {
                var yaml = new YamlStream();
                using var text = new StreamReader(path);
                yaml.Load(text);
                return new((YamlMappingNode)yaml.Documents[0].RootNode);
            }
        }

        return null;
    }

    /// <summary>The words of an enumerated schema.</summary>
    public IEnumerable<string> Words(string schema) =>
        ((YamlSequenceNode)At(_root, "components", "schemas", schema, "enum")!).Select(word => ((YamlScalarNode)word).Value ?? string.Empty);

    /// <summary>The status codes that a call may have.</summary>
    public IEnumerable<string> Statuses(string path, string method) =>
        ((YamlMappingNode)At(_root, "paths", path, method, "responses")!).Children.Keys.Select(key => ((YamlScalarNode)key).Value ?? string.Empty);

    /// <summary>Where an answer differs from its description; empty where it does not.</summary>
    public IReadOnlyList<string> Differences(string path, string method, int status, JsonElement answer)
    {
        var schema = At(_root, "paths", path, method, "responses", status.ToString(CultureInfo.InvariantCulture), "content", "application/json", "schema");
        if (schema is null)
        {
            return [$"{method} {path} has no answer {status} with a body in the description"];
        }

        var wrong = new List<string>();
        Compare(schema, answer, "$", wrong);
        return wrong;
    }

    private static YamlNode? At(YamlNode node, params string[] path)
    {
        foreach (var key in path)
        {
            if (node is not YamlMappingNode map || !map.Children.TryGetValue(new YamlScalarNode(key), out var next))
            {
                return null;
            }

            node = next;
        }

        return node;
    }

    private static string? Text(YamlNode node, string key) => (At(node, key) as YamlScalarNode)?.Value;

    private YamlNode Resolve(YamlNode schema) =>
        Text(schema, "$ref") is { } reference ? At(_root, reference.TrimStart('#', '/').Split('/')) ?? throw new InvalidDataException(reference) : schema;

    private void Compare(YamlNode schemaOrReference, JsonElement value, string where, List<string> wrong)
    {
        var schema = Resolve(schemaOrReference);
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (Text(schema, "nullable") != "true")
            {
                wrong.Add($"{where} is null");
            }

            return;
        }

        var type = Text(schema, "type");
        if (!IsOfType(type, value))
        {
            wrong.Add($"{where} is {value.ValueKind}, not {type}");
            return;
        }

        switch (type)
        {
            case "array" when At(schema, "items") is { } items:
                foreach (var (item, n) in value.EnumerateArray().Select((item, n) => (item, n)))
                {
                    Compare(items, item, $"{where}[{n}]", wrong);
                }

                break;
            case "object":
                CompareObject(schema, value, where, wrong);
                break;
            case "string":
                CompareText(schema, value.GetString() ?? string.Empty, where, wrong);
                break;
        }
    }

    private void CompareObject(YamlNode schema, JsonElement value, string where, List<string> wrong)
    {
        var known = (At(schema, "properties") as YamlMappingNode)?.Children ?? throw new InvalidDataException($"{where}: no properties");
        foreach (var name in (At(schema, "required") as YamlSequenceNode)?.Select(one => ((YamlScalarNode)one).Value ?? string.Empty) ?? [])
        {
            if (!value.TryGetProperty(name, out _))
            {
                wrong.Add($"{where}.{name} is missing");
            }
        }

        foreach (var field in value.EnumerateObject())
        {
            if (known.TryGetValue(new YamlScalarNode(field.Name), out var property))
            {
                Compare(property, field.Value, $"{where}.{field.Name}", wrong);
            }
            else
            {
                wrong.Add($"{where}.{field.Name} is not in the description");
            }
        }
    }

    private static void CompareText(YamlNode schema, string text, string where, List<string> wrong)
    {
        if (At(schema, "enum") is YamlSequenceNode words && !words.Any(word => ((YamlScalarNode)word).Value == text))
        {
            wrong.Add($"{where} is '{text}', none of its words");
        }

        if (Text(schema, "maxLength") is { } longest && text.Length > int.Parse(longest, CultureInfo.InvariantCulture))
        {
            wrong.Add($"{where} is too long");
        }

        if (Text(schema, "minLength") is { } shortest && text.Length < int.Parse(shortest, CultureInfo.InvariantCulture))
        {
            wrong.Add($"{where} is too short");
        }

        var good = Text(schema, "format") switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) && text.Contains('T', StringComparison.Ordinal),
            _ => true,
        };
        if (!good)
        {
            wrong.Add($"{where} is '{text}', no {Text(schema, "format")}");
        }
    }

    private static bool IsOfType(string? type, JsonElement value) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => true,
    };
}
