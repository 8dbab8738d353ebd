using System.Reflection;

namespace EmergencyStop.Conformance.Tests.Contracts;

/// <summary>The list of what grain code may use is what the packages of Orleans offer.</summary>
public sealed class OrleansApiTests
{
    /// <summary>Writes the list anew instead, from the packages, for the types that it names.</summary>
    private const string Rewrite = "EMERGENCY_STOP_REWRITE_API_LIST";

    private static string[] Packages { get; } = ["Orleans.Core.Abstractions", "Orleans.Core", "Orleans.Runtime", "Orleans.Serialization.Abstractions", "Orleans.Serialization"];

    [Fact]
    public void List_IsWhatThePackagesOffer()
    {
        var exported = Packages.SelectMany(p => Assembly.Load(p).GetExportedTypes()).ToLookup(ApiListing.NameOf);
        string[] lines = [.. OrleansApi.Types.Order(StringComparer.Ordinal).SelectMany(t => exported[t]).SelectMany(ApiListing.Of)];
        if (Environment.GetEnvironmentVariable(Rewrite) is { Length: > 0 } file)
        {
            File.WriteAllLines(file, lines);
        }

        Assert.Equal(OrleansApi.Lines.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }
}
