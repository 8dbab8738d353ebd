using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EmergencyStop.Api;
using EmergencyStop.Api.Console;
using EmergencyStop.Api.Limits;
using EmergencyStop.Silo.Hosting;
using EmergencyStop.Silo.Telemetry;

namespace EmergencyStop.Silo.Tests;

/// <summary><c>docs/settings.md</c> is written from the options themselves, so it cannot drift from them.</summary>
[Trait("Host", "Any")]
public sealed partial class SettingsPageTests
{
    private const string Rewrite = "EMERGENCY_STOP_WRITE_DOCS";

    // The section of every class of options that a setting reaches; a class that is missing here fails the test.
    private static readonly Dictionary<string, string> Sections = new(StringComparer.Ordinal)
    {
        [nameof(ApiOptions)] = ApiOptions.Section,
        [nameof(ConsoleOptions)] = ConsoleOptions.Section,
        [nameof(RateLimitOptions)] = RateLimitOptions.Section,
        [nameof(ListeningOptions)] = ListeningOptions.Section,
        [nameof(TelemetryOptions)] = TelemetryOptions.Section,
        [nameof(ClusterOptions)] = ClusterOptions.Section,
        ["OrderOptions"] = "Orders",
        ["OrderEventOptions"] = "OrderEvents",
        ["EventOptions"] = "Events",
        ["StoppingOptions"] = "Stopping",
        ["NoticeOptions"] = "Notices",
        ["BrakeOptions"] = "Braking",
        ["CallbackOptions"] = "Callbacks",
        ["WatchingOptions"] = "Watching",
        ["RiskOptions"] = "Risk",
        ["RulesFileOptions"] = "Risk:File",
        ["AccountOptions"] = "Venues:Accounts:USER",
        ["PostgreSqlLedgerOptions"] = "PostgreSql",
        ["AlpacaOptions"] = "Venues:Alpaca",
        ["SimulatedOptions"] = "Venues:Simulated",
    };

    // Set by the host itself, or holders of others.
    private static readonly HashSet<string> NotSettings =
        new(["AccountsOptions", "SqliteLedgerOptions", "SoloSiloOptions", "StopOptions", "EmergencyStopClientOptions"], StringComparer.Ordinal);

    [Fact]
    public void Page_IsAsTheOptionsAre()
    {
        var page = Page();
        var path = Path.Combine(Root(), "docs", "settings.md");
        if (Environment.GetEnvironmentVariable(Rewrite) is not null)
        {
            File.WriteAllText(path, page);
        }

        Assert.True(page == File.ReadAllText(path), $"docs/settings.md is not as the options are. {Rewrite}=1 with this test writes it anew.");
    }

    private static string Page()
    {
        var rows = Types().OrderBy(t => Sections[t.Name], StringComparer.Ordinal).SelectMany(Rows);
        return $"""
            # Settings

            Every setting of the service. In `appsettings.json` the colons are levels; as an environment variable they are double
            underscores: `Orders:SendWindow` is `Orders__SendWindow`. Times are `hours:minutes:seconds`. A value out of its range ends
            the start with a sentence. `USER` stands for a user id.

            Addresses, TLS and the log's levels are .NET's own settings (`Kestrel:Endpoints`, `Logging:LogLevel`); where metrics and
            traces go is OpenTelemetry's (`OTEL_EXPORTER_OTLP_ENDPOINT` and its like). What the command line sets is on
            [its page](command-line.md) and in the README.

            `Ledger` says where the ledger is: `Sqlite` (the default), a file in the data folder, or `PostgreSql`, a database that
            `ConnectionStrings:Ledger` names (`Host=…;Database=…;Username=…;Password=…`, [the page on the ledger](ledger.md)).

            `Role` says what a process does: `Service` (the default) hosts grains and serves the API; in a cluster `Silo` only hosts and
            `Gateway` only serves ([the page on clusters](cluster.md)). `Cluster` is heeded by the Orleans host alone.

            | setting | default | what | range, and why |
            |---|---|---|---|
            {string.Join('\n', rows)}

            """.ReplaceLineEndings("\n");
    }

    private static Type[] Types()
    {
        string[] assemblies = ["EmergencyStop.Api", "EmergencyStop.Grains", "EmergencyStop.Venues", "estop", "EmergencyStop.Ledger"];
        var types = assemblies.SelectMany(a => Assembly.Load(a).GetTypes())
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.Name.EndsWith("Options", StringComparison.Ordinal) && !NotSettings.Contains(t.Name))
            .ToArray();
        Assert.Empty(types.Select(t => t.Name).Where(n => !Sections.ContainsKey(n)));
        return types;
    }

    private static IEnumerable<string> Rows(Type type)
    {
        var documents = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, StringComparer.Ordinal);
        var defaults = RuntimeHelpers.GetUninitializedObject(type) is var bare && type.GetConstructor(Type.EmptyTypes) is { } make ? make.Invoke(null) : bare;
        return from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
               where property.SetMethod is { IsPublic: true } || typeof(IEnumerable).IsAssignableFrom(property.PropertyType)
               let about = documents.GetValueOrDefault($"P:{type.FullName}.{property.Name}")
               select $"| `{Sections[type.Name]}:{property.Name}` | {Show(property.GetValue(defaults))} | {Text(about?.Element("summary"))} | {Text(about?.Element("value"))} {Text(about?.Element("remarks"))}".TrimEnd() + " |";
    }

    private static string Show(object? value) => value switch
    {
        null => "none",
        TimeSpan time => $"`{time:c}`",
        bool on => on ? "`true`" : "`false`",
        string { Length: 0 } => "none",
        string text => $"`{text}`",
        IEnumerable many => many.Cast<object>().Select(o => $"{o}").ToArray() is { Length: > 0 } items ? $"`{string.Join(", ", items)}`" : "none",
        IFormattable number => $"`{number.ToString(null, CultureInfo.InvariantCulture)}`",
        _ => $"`{value}`",
    };

    private static string Text(XElement? element) => element is null ? string.Empty : White().Replace(
        string.Concat(element.Nodes().Select(n => n switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")?.Value.Split('.')[^1].Split('(')[0]}`",
            XElement other => other.Value,
            XText text => text.Value,
            _ => string.Empty,
        })),
        " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EmergencyStop.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("EmergencyStop.sln is in no folder above the tests.");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex White();
}
