using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using EmergencyStop.Grains.Stopping;
using Orleans;
using Orleans.Solo;

namespace EmergencyStop.Conformance.Tests.Contracts;

/// <summary>Grain code sees of SoloSilo only what Orleans has, in the same words: it cannot drift into what Orleans lacks.</summary>
public sealed class OrleansApiTests
{
    private static Assembly SoloSilo { get; } = typeof(Grain).Assembly;

    [Fact]
    public void SoloSilo_OffersNothingThatOrleansDoesNotHave() => Assert.Empty(Missing(Offered()));

    [Fact]
    public void List_SpeaksOfNothingElse() => Assert.Empty(OrleansApi.Types.Except(Offered().Select(ApiListing.NameOf)));

    [Fact]
    public void ATypeOfItsOwn_IsNamed() => Assert.NotEmpty(Missing([typeof(ISoloStatistics)]));

    /// <summary>What is SoloSilo's own (<c>Orleans.Solo</c>) is for hosts and the simulator.</summary>
    [Theory]
    [InlineData(typeof(EmergencyStopCoordinatorGrain))]
    [InlineData(typeof(EmergencyStop.Stopping.IEmergencyStopCoordinatorGrain))]
    public void GrainCode_RefersToNothingOfSoloSiloAlone(Type of) => Assert.Empty(ReferencesOf(of.Assembly).Where(IsItsOwn));

    [Fact]
    public void References_AreFound() => Assert.Contains("Orleans.Grain", ReferencesOf(typeof(EmergencyStopCoordinatorGrain).Assembly));

    private static Type[] Offered() => [.. SoloSilo.GetExportedTypes().Where(t => t.Namespace is { } space && !IsItsOwn(space))];

    private static IEnumerable<string> Missing(IEnumerable<Type> types) => types.SelectMany(ApiListing.Of).Except(OrleansApi.Lines);

    private static bool IsItsOwn(string name) => name == "Orleans.Solo" || name.StartsWith("Orleans.Solo.", StringComparison.Ordinal);

    private static string[] ReferencesOf(Assembly assembly)
    {
        using var stream = File.OpenRead(assembly.Location);
        using var file = new PEReader(stream);
        var reader = file.GetMetadataReader();
        return [.. reader.TypeReferences.Select(reader.GetTypeReference).Select(r => $"{reader.GetString(r.Namespace)}.{reader.GetString(r.Name)}")];
    }
}
