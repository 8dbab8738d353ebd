using System.Text.Json;

namespace EmergencyStop.Client;

/// <summary>Makes a problem of an answer that is no success. Pure.</summary>
internal static class ProblemReading
{
    /// <summary>The service's problem document, or a note that it is none.</summary>
    public static EmergencyStopProblem Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && Text(root, "code") is { Length: > 0 } code)
            {
                return new(code, status, Text(root, "title") ?? code, Text(root, "detail") ?? code)
                {
                    Field = Text(root, "field"),
                    StopId = Text(root, "stop_id"),
                };
            }
        }
        catch (JsonException)
        {
            // Not the service's: said below.
        }

        return Unexpected(status, $"HTTP {status} without a problem document. Is this the service's URL?");
    }

    /// <summary>An answer that cannot be read.</summary>
    public static EmergencyStopProblem Unexpected(int status, string detail) =>
        new(EmergencyStopProblem.UnexpectedAnswer, status, "Not an answer of the service", detail);

    /// <summary>No answer.</summary>
    public static EmergencyStopProblem Unreachable(Uri url, string why) => new(
        EmergencyStopProblem.Unreachable, 0, "The service does not answer", $"No answer from {url.GetLeftPart(UriPartial.Authority)}: {why}");

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
