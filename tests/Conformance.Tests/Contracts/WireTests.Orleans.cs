using System.Collections.Immutable;
using System.Text.Json;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace EmergencyStop.Conformance.Tests.Contracts;

/// <summary>What crosses between two silos arrives as it was sent; within one silo nothing would show it.</summary>
public sealed class WireTests
{
    private const int MostOrdersInACall = 10_000;

    private static readonly Serializer Wire = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    public static TheoryData<Type> Messages => [.. Samples.MessagesOf(typeof(IUserGrain).Assembly)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_ArrivesAsItWasSent(Type message)
    {
        var sent = new Samples().Of(message);
        var arrived = Wire.Deserialize<object>(Wire.SerializeToArray(sent));
        Assert.IsType(message, arrived);
        Assert.Equal(Text(sent), Text(arrived));
    }

    [Theory]
    [InlineData("SYSTEM")]
    [InlineData("USER:alice")]
    [InlineData("STRATEGY:s1")]
    [InlineData("SYMBOL:BTC-USD")]
    [InlineData("USER:alice/SYMBOL:BTC-USD")]
    public void Target_ArrivesWithAllItsParts(string text)
    {
        var sent = StopTarget.Parse(text);
        Assert.Equal(sent, Wire.Deserialize<StopTarget>(Wire.SerializeToArray(sent)));
    }

    [Fact]
    public void Outage_ArrivesAsOne_WithoutACauseThatNobodyElseKnows()
    {
        var sent = new LedgerUnavailableException("The disk is full.", new Unheard());
        var arrived = Assert.IsType<LedgerUnavailableException>(Wire.Deserialize<object>(Wire.SerializeToArray<object>(sent)));
        Assert.Equal((sent.Message, null, null), (arrived.Message, arrived.Cause, arrived.InnerException));
    }

    [Fact]
    public void ArrayThatWasNeverSet_ArrivesSo()
    {
        var arrived = Wire.Deserialize<SweepReport>(Wire.SerializeToArray(new SweepReport(default, null, null)));
        Assert.True(Assert.IsType<SweepReport>(arrived).Outcomes.IsDefault);
    }

    [Fact]
    public void MostOrdersOfOneCall_AreFarBelowTheLongestMessage()
    {
        var samples = new Samples();
        var orders = Enumerable.Range(0, MostOrdersInACall).Select(_ => (Order)samples.Of(typeof(Order))).ToImmutableArray();
        var command = (SweepCommand)samples.Of(typeof(SweepCommand)) with { Orders = orders };
        var length = Wire.SerializeToArray(command).Length;
        Assert.InRange(length, 1, new Orleans.Configuration.SiloMessagingOptions().MaxMessageBodySize / 10);
    }

    private sealed class Unheard : Exception;

    private static string Text(object value) => JsonSerializer.Serialize(value, value.GetType());
}
