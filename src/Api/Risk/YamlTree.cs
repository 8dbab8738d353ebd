using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EmergencyStop.Api.Risk;

/// <summary>A YAML document as JSON, with the line of each value. JSON is read too: it is YAML.</summary>
internal sealed class YamlTree
{
    private const int Deepest = 8;

    private readonly Dictionary<string, long> _lines = new(StringComparer.Ordinal);

    private YamlTree(YamlNode root) => Root = Convert(root, "$", 0);

    /// <summary>The document.</summary>
    public JsonNode? Root { get; }

    /// <summary>Reads the only document of a text; an empty text is <c>null</c>.</summary>
    /// <exception cref="YamlException">It is no YAML, several documents, or nested too deeply.</exception>
    public static YamlTree Parse(string text)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(text);
        stream.Load(reader);
        return stream.Documents.Count switch
        {
            0 => new(new YamlScalarNode("null")),
            1 => new(stream.Documents[0].RootNode),
            _ => throw new YamlException(stream.Documents[1].RootNode.Start, stream.Documents[1].RootNode.End, "There is a second document."),
        };
    }

    /// <summary>The line of a value by its JSON path, or of what it should stand in.</summary>
    public long LineOf(string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
        {
            if (_lines.TryGetValue(at, out var line))
            {
                return line;
            }
        }

        return 1;
    }

    private JsonNode? Convert(YamlNode node, string path, int depth)
    {
        if (depth > Deepest)
        {
            throw new YamlException(node.Start, node.End, "It is nested too deeply.");
        }

        _lines[path] = node.Start.Line;
        switch (node)
        {
            case YamlMappingNode mapping:
                var members = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    var name = (key as YamlScalarNode)?.Value ?? string.Empty;
                    members[name] = Convert(value, $"{path}.{name}", depth + 1);
                    _lines[$"{path}.{name}"] = key.Start.Line;
                }

                return members;
            case YamlSequenceNode sequence:
                return new JsonArray([.. sequence.Children.Select((item, i) => Convert(item, $"{path}[{i}]", depth + 1))]);
            default:
                return Scalar((YamlScalarNode)node);
        }
    }

    /// <summary>A plain word may be a number, a truth or nothing; a quoted one is a text.</summary>
    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? string.Empty;
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "null" or "~" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            _ when decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) =>
                JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }
}
