using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Xunit;

namespace EmergencyStop.Grains.Tests.Stopping;

public sealed class CoversTests
{
    [Theory]
    [InlineData("SYSTEM", "USER:alice")]
    [InlineData("SYSTEM", "STRATEGY:s1")]
    [InlineData("SYSTEM", "USER:alice/SYMBOL:AAPL")]
    [InlineData("SYMBOL:AAPL", "USER:alice")]
    public void Covers_WhatIsCarvedOut_OnlyOnceItIsPutBack(string target, string except)
    {
        var stop = Of(target);
        var carved = new CarveOut(StopTarget.Parse(except), 11, "officer", DateTimeOffset.UnixEpoch, "test");
        Assert.True(stop.Covers(World.Resting("alice")));
        Assert.False((stop with { CarveOuts = [carved] }).Covers(World.Resting("alice")));
        Assert.True((stop with { CarveOuts = [carved] }).Covers(World.Resting("bob", strategy: "s2")));
        Assert.True((stop with { CarveOuts = [carved with { PutBack = 12 }] }).Covers(World.Resting("alice")));
        Assert.False((stop with { CarveOuts = [carved with { PutBack = 12 }, carved with { Number = 13 }] }).Covers(World.Resting("alice")));
    }

    [Fact]
    public void Covers_NothingOutsideOfItsTarget() => Assert.False(Of("USER:bob").Covers(World.Resting("alice")));

    private static Stop Of(string target) => new(
        StopId.Parse("s-1"),
        10,
        new(StopTarget.Parse(target), new(), EmergencyStopReason.UserInitiated, "test", new("k", "k", Role.Admin, null), DateTimeOffset.UnixEpoch),
        StopState.Completed,
        new(),
        [],
        null,
        null);
}
