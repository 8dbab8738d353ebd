using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EmergencyStop.Api.Wire;
using EmergencyStop.Risk;
using YamlDotNet.Core;

namespace EmergencyStop.Api.Risk;

/// <summary>Reads the rules' file as a whole: every rule of it is right, or none is taken. Pure.</summary>
internal static class RulesFileReading
{
    private const string UsualReason = "as the rules' file says";

    /// <summary>The rules, or what is wrong, by line.</summary>
    public static RulesFileContents Read(string text)
    {
        YamlTree tree;
        try
        {
            tree = YamlTree.Parse(text);
        }
        catch (YamlException e)
        {
            return Wrong($"line {e.Start.Line.ToString(CultureInfo.InvariantCulture)}: this is neither YAML nor JSON: {e.Message}");
        }

        try
        {
            return tree.Root.Deserialize<RulesFileBody>(ApiJson.Options) is { Rules: { IsDefault: false } } body
                ? Check(body, tree)
                : Wrong("line 1: rules: the file must hold a list named rules; an empty one takes every rule of the file away.");
        }
        catch (JsonException e)
        {
            var path = e.Path ?? "$";
            return Wrong($"line {tree.LineOf(path)}: {Field(path)}: {Explain(e)}");
        }
    }

    private static RulesFileContents Check(RulesFileBody body, YamlTree tree)
    {
        var wrong = ImmutableArray.CreateBuilder<string>();
        var rules = ImmutableArray.CreateBuilder<(RiskRule, string)>();
        var names = new HashSet<RiskRuleId>();
        var entries = body.Rules.GetValueOrDefault();
        for (var i = 0; i < entries.Length; i++)
        {
            var errors = new FieldErrors();
            var id = errors.Required("id", entries[i].Id);
            errors.AddIf(!names.Add(id), "id", $"{id} is there twice.");
            var rule = RiskRuleReading.Read(id, entries[i], errors);
            var reason = ReasonText.Read(entries[i].Reason ?? body.Reason, needed: false, errors);
            rules.Add((rule, reason.Length == 0 ? UsualReason : reason));
            wrong.AddRange(errors.Found.Select(e => $"line {tree.LineOf($"$.rules[{i}].{e.Field}")}: {e.Field}: {e.Why}"));
        }

        return wrong.Count == 0 ? new(rules.ToImmutable(), []) : new([], wrong.ToImmutable());
    }

    private static RulesFileContents Wrong(string why) => new([], [why]);

    private static string Field(string path) => path.Length > 2 ? path[2..] : "the file";

    /// <summary>The parser's own text names types: it is not repeated.</summary>
    private static string Explain(JsonException e) => e.Message switch
    {
        var m when m.StartsWith("Duplicate", StringComparison.Ordinal) => "it is there twice.",
        var m when m.StartsWith("The JSON property", StringComparison.Ordinal) => "this is not a field of a rule.",
        var m when m.Contains("Path: $", StringComparison.Ordinal) => "it cannot be read as what it should be.",
        var m => m, // Written by our own converters.
    };
}
