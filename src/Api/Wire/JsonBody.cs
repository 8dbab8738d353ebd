using System.Text.Json;
using System.Text.RegularExpressions;
using EmergencyStop.Api.Errors;

namespace EmergencyStop.Api.Wire;

/// <summary>Reads a body's JSON, or says where it is wrong. Pure.</summary>
internal static partial class JsonBody
{
    /// <summary>Name of the field in a problem that is about the body as a whole.</summary>
    public const string WholeBody = "body";

    /// <summary>The body, or what is wrong with it; an empty body is <c>{}</c>.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="within">What stands before the names of fields in a problem: <c>data.</c> for the data of an event.</param>
    public static (T? Value, Problem? Problem) Parse<T>(ReadOnlySpan<byte> utf8, string within = "")
        where T : class, new()
    {
        if (utf8.IsEmpty)
        {
            return (new T(), null);
        }

        try
        {
            return JsonSerializer.Deserialize<T>(utf8, ApiJson.Options) is { } value
                ? (value, null)
                : (null, Wrong(Whole(within), "The body must be a JSON object."));
        }
        catch (JsonException e)
        {
            return (null, Explain(e, within));
        }
    }

    /// <summary>Says where the JSON is wrong without repeating the parser's own text, which names types.</summary>
    private static Problem Explain(JsonException e, string within)
    {
        if (Quoted().Match(e.Message) is { Success: true } named)
        {
            var name = named.Groups["name"].Value;
            return Wrong(within + name, e.Message.StartsWith("Duplicate", StringComparison.Ordinal)
                ? $"{name} is there twice."
                : $"{name} is not a field of this request.");
        }

        var field = e.Path is { Length: > 2 } path ? within + path[2..] : Whole(within);
        if (e.InnerException is null && !e.Message.Contains("Path: $", StringComparison.Ordinal))
        {
            return Wrong(field, e.Message); // Written by our own converters.
        }

        var place = $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
        return field == Whole(within)
            ? Wrong(field, $"The {field} is not a JSON object that can be read, at {place}.")
            : Wrong(field, $"{field} cannot be read, at {place}.");
    }

    private static string Whole(string within) => within.Length == 0 ? WholeBody : within.TrimEnd('.');

    private static Problem Wrong(string field, string why) => Problems.ValidationFailed([(field, why)]);

    [GeneratedRegex("^(Duplicate property|The JSON property) '(?<name>[^']{1,64})'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Quoted();
}
