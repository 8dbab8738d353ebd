using System.Text.Json;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Wire;
using EmergencyStop.Access;
using EmergencyStop.Events;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Events;

/// <summary>Reads what an event asks for, or says what is wrong with it, by field. Pure.</summary>
internal static class CloudEventReading
{
    private const string Version = "1.0";
    private const string Within = "data.";

    /// <summary>What the event asks for, or the problem.</summary>
    public static (AskedStop? Asked, Problem? Problem) Read(CloudEventBody body, Caller caller, ApiOptions options)
    {
        var errors = new FieldErrors();
        errors.AddIf(body.SpecVersion != Version, "specversion", $"specversion must be \"{Version}\".");
        var id = Text("id", body.Id, EmergencyStopRequested.LongestId, errors);
        var source = Text("source", body.Source, EmergencyStopRequested.LongestSource, errors);
        errors.AddIf(source.Length > 0 && !Uri.IsWellFormedUriString(source, UriKind.RelativeOrAbsolute), "source", "source must be a URI reference.");
        errors.AddIf(
            body.Type is null || !EventTypes.Accepted.Contains(body.Type, StringComparer.Ordinal),
            "type",
            $"type must be one that is accepted from outside: {string.Join(", ", EventTypes.Accepted)}.");
        errors.AddIf(body.DataContentType is { } content && !IsJson(content), "datacontenttype", "datacontenttype must be application/json, or be left out.");
        errors.AddIf(body.Data is not { ValueKind: JsonValueKind.Object }, "data", "data must be a JSON object: what to stop, and why.");
        if (errors.Any)
        {
            return (null, errors.ToProblem());
        }

        var (wish, problem) = JsonBody.Parse<ExecuteBody>(JsonSerializer.SerializeToUtf8Bytes(body.Data!.Value, ApiJson.Options), Within); // It is an object.
        return wish is null ? (null, problem) : Resolve(source, id, Complete(wish), caller, options);
    }

    private static (AskedStop? Asked, Problem? Problem) Resolve(string source, string id, ExecuteBody body, Caller caller, ApiOptions options)
    {
        var errors = new FieldErrors();
        var target = TargetResolution.Resolve(body, caller, errors);
        var wish = StopWish.Read(body, null, new StopOptions(), needsReason: true, options.StopWaitMs, errors);
        wish = body.Except is { IsDefaultOrEmpty: false } parts ? wish with { Except = StopEndpoints.CheckParts(parts, target, errors) } : wish;
        return errors.Any || target is null
            ? (null, Problems.ValidationFailed([.. errors.Found.Select(f => (Within + f.Field, f.Why))]))
            : (new(source, id, target.Value, wish), null);
    }

    /// <summary>A target in full says its scope itself.</summary>
    private static ExecuteBody Complete(ExecuteBody body) =>
        body.Scope is null && StopTarget.TryParse(body.Target, out var target, out _) ? body with { Scope = target.Scope } : body;

    private static string Text(string field, string? text, int longest, FieldErrors errors)
    {
        errors.AddIf(string.IsNullOrEmpty(text), field, $"{field} is missing.");
        errors.AddIf(text?.Length > longest, field, $"{field} has {text?.Length} characters; {longest} is the most.");
        errors.AddIf(text?.Any(char.IsControl) == true, field, $"{field} may hold no control characters.");
        return text ?? string.Empty;
    }

    private static bool IsJson(string contentType) =>
        contentType.Split(';')[0].Trim() is var type && (type is "application/json" || type.EndsWith("+json", StringComparison.Ordinal));
}

/// <summary>A stop that an event asks for.</summary>
/// <param name="Source">Who tells it.</param>
/// <param name="Id">The event's id there.</param>
/// <param name="Target">What to stop.</param>
/// <param name="Wish">How.</param>
internal sealed record AskedStop(string Source, string Id, StopTarget Target, StopWish Wish);
