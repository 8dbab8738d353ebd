using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using Microsoft.Extensions.Time.Testing;

namespace EmergencyStop.Grains.Tests.Orders;

public sealed class SendPermitTests
{
    private static readonly OrderTerms Terms = new(
        UserId.Parse("alice"), StrategyId.Parse("s1"), Symbol.Parse("AAPL"), OrderSide.Buy, 1, OrderType.Market);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryTake_WithinTheWindow_IsAllowedOnce()
    {
        using var permit = Make();
        Assert.True(permit.TryTake(out _));
        Assert.False(permit.TryTake(out var why));
        Assert.Equal("it was written before", why);
    }

    [Fact]
    public void TryTake_AfterTheWindow_IsRefused()
    {
        using var permit = Make();
        _time.Advance(TimeSpan.FromSeconds(2.001));
        Assert.False(permit.TryTake(out var why));
        Assert.Contains("window", why, StringComparison.Ordinal);
        Assert.True(permit.WindowEnd.IsCancellationRequested);
    }

    [Fact]
    public void TryTake_AfterAStopRevokedIt_IsRefused()
    {
        using var permit = Make();
        Assert.True(permit.TryRevoke());
        Assert.False(permit.TryTake(out _));
        Assert.False(permit.MayHaveWritten);
    }

    [Fact]
    public void TryRevoke_AfterTheWriteBegan_AttestsNothing()
    {
        using var permit = Make();
        Assert.True(permit.TryTake(out _));
        Assert.False(permit.TryRevoke());
        Assert.True(permit.MayHaveWritten);
    }

    private SendPermit Make() => new(null, Terms, _time, TimeSpan.FromSeconds(2));
}
