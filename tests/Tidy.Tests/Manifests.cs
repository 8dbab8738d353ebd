using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace EmergencyStop.Tidy.Tests;

/// <summary>What stands under <c>deploy/kubernetes</c>, read by Kubernetes' own types.</summary>
internal static partial class Manifests
{
    /// <summary>Every file.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Checkout.Files.Where(f => f.StartsWith("deploy/kubernetes/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Every object, in the order in which they are applied.</summary>
    public static IReadOnlyList<object> All { get; } = [.. Files.SelectMany(f => Parse(Checkout.Read(f)))];

    /// <summary>The two sets of pods.</summary>
    public static IReadOnlyList<V1StatefulSet> Sets { get; } = [.. All.OfType<V1StatefulSet>()];

    /// <summary>The settings that both have.</summary>
    public static IDictionary<string, string> Shared { get; } = All.OfType<V1ConfigMap>().Single().Data;

    /// <summary>Settings as <c>docs/settings.md</c> has them, which a test holds against the options themselves, with their defaults.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } =
        Row().Matches(Checkout.Read("docs/settings.md")).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads objects; what Kubernetes does not have, and what is said twice, is an error.</summary>
    public static IEnumerable<object> Parse(string yaml) => KubernetesYaml.LoadAllFromString(yaml, strict: true);

    /// <summary>The container of a set.</summary>
    public static V1Container Container(V1StatefulSet set) => Assert.Single(set.Spec.Template.Spec.Containers);

    /// <summary>Whether an environment variable is a setting of the service, or one of those of .NET that the page speaks of.</summary>
    public static bool IsSetting(string variable)
    {
        var name = Account().Replace(variable.Replace("__", ":", StringComparison.Ordinal), "Venues:Accounts:USER:");
        return Settings.ContainsKey(name) || name is "Ledger" or "Role" or "ConnectionStrings:Ledger" or "ConnectionStrings:Orleans" or "DOTNET_EnableDiagnostics"
            || name.StartsWith("Kestrel:Endpoints:", StringComparison.Ordinal);
    }

    /// <summary>Whether a setting's value must not stand in a file that everybody may read.</summary>
    public static bool IsSecret(string variable) =>
        variable.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase) || variable.EndsWith("Secret", StringComparison.OrdinalIgnoreCase)
        || variable.EndsWith("KeyId", StringComparison.OrdinalIgnoreCase) || variable.Contains("Password", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^\| `([A-Za-z:]+)` \| `?([^`|]*?)`? \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^Venues:Accounts:[^:]+:")]
    private static partial Regex Account();
}
