using System.Reflection;
using EmergencyStop.Orders;

namespace EmergencyStop.Conformance.Tests.Contracts;

public sealed class SerializationTests
{
    [Fact]
    public void ServiceContracts_CanBeSerialized() =>
        Assert.Empty(SerializationRules.Check(SerializationRules.ContractsOf(typeof(IUserGrain).Assembly)));

    [Fact]
    public void ServiceContracts_AreFound() =>
        Assert.Contains(typeof(IUserGrain), SerializationRules.ContractsOf(typeof(IUserGrain).Assembly));

    [Fact]
    public void SuiteContracts_CanBeSerialized() =>
        Assert.Empty(SerializationRules.Check(SerializationRules.ContractsOf(Assembly.GetExecutingAssembly())));
}
