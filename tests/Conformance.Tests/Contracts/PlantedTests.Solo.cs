namespace EmergencyStop.Conformance.Tests.Contracts;

/// <summary>Shows that the rules find what they are for. On Orleans these types would not even build.</summary>
public sealed class PlantedTests
{
    [Fact]
    public void GoodContract_HasNoFindings() => Assert.Empty(SerializationRules.Check(typeof(Planted.IGood)));

    [Theory]
    [InlineData(typeof(Planted.INoSerializer), "Planted+NoSerializer in EmergencyStop.Conformance.Tests.Contracts.Planted+INoSerializer.CallAsync has no [GenerateSerializer].")]
    [InlineData(typeof(Planted.INoSerializerInside), "Planted+NoSerializer in EmergencyStop.Conformance.Tests.Contracts.Planted+Outer.Inner has no [GenerateSerializer].")]
    [InlineData(typeof(Planted.INoSerializerInReturn), "Planted+NoSerializer in EmergencyStop.Conformance.Tests.Contracts.Planted+INoSerializerInReturn.CallAsync has no [GenerateSerializer].")]
    [InlineData(typeof(Planted.IBadCase), "Planted+BadCase.Lost has no [Id]: it would be lost.")]
    [InlineData(typeof(Planted.INoId), "Planted+NoId.Lost has no [Id]: it would be lost.")]
    [InlineData(typeof(Planted.ISameId), "Planted+SameId.Second has the [Id] of First, 0.")]
    [InlineData(typeof(Planted.INoTypeAlias), "Planted+NoAlias has no [Alias].")]
    [InlineData(typeof(Planted.ISameTypeAlias), "'planted-taken'.")]
    [InlineData(typeof(Planted.INoMethodAlias), "INoMethodAlias.CallAsync has no [Alias].")]
    [InlineData(typeof(Planted.ISameMethodAlias), "ISameMethodAlias.OtherAsync has the [Alias] of another method, 'call'.")]
    [InlineData(typeof(Planted.INoAlias), "INoAlias has no [Alias].")]
    [InlineData(typeof(Planted.IAnything), "System.Object in EmergencyStop.Conformance.Tests.Contracts.Planted+IAnything.CallAsync has no serializer.")]
    [InlineData(typeof(Planted.ISequence), "has no serializer.")]
    public void PlantedContract_IsFound(Type contract, string finding)
    {
        var findings = SerializationRules.Check(contract);

        Assert.Single(findings);
        Assert.EndsWith(finding, findings[0], StringComparison.Ordinal);
    }
}
