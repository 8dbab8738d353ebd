using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Wire;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Tests.Stopping;

public sealed class StopWishTests
{
    [Fact]
    public void Defaults_AreCancelAndPause() => Assert.Equal(new StopOptions(true, true, false, false, false), Read(new()).Options);

    [Fact]
    public void Panic_ClosesToo() => Assert.Equal(new StopOptions(true, true, true, false, false), Read(new(), StopOptions.Panic).Options);

    [Fact]
    public void CancelOnly_TakesPausingAndClosingBack() =>
        Assert.Equal(new StopOptions(true, false, false, false, true), Read(new() { CancelOnly = true }, StopOptions.Panic).Options);

    [Theory]
    [InlineData(true, null, true, null, "cancel_only")]
    [InlineData(true, true, null, null, "cancel_only")]
    [InlineData(true, null, null, false, "cancel_only")]
    [InlineData(null, null, true, false, "close_positions")]
    public void Contradiction_NamesTheField(bool? cancelOnly, bool? pause, bool? close, bool? cancel, string field)
    {
        var errors = new FieldErrors();
        Read(new() { CancelOnly = cancelOnly, PauseStrategies = pause, ClosePositions = close, CancelOrders = cancel }, errors: errors);
        Assert.Equal(field, errors.Found[0].Field);
    }

    [Fact]
    public void Wait_OfTheQueryWins()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), Read(new()).Wait);
        Assert.Equal(TimeSpan.FromMilliseconds(7), Read(new() { WaitMs = 7 }).Wait);
        Assert.Equal(TimeSpan.Zero, Read(new() { WaitMs = 7 }, waitMs: 0).Wait);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(60_001)]
    public void Wait_OutOfBounds_IsRefused(int waitMs)
    {
        var errors = new FieldErrors();
        Read(new() { WaitMs = waitMs }, errors: errors);
        Assert.Equal("wait_ms", errors.Found.Single().Field);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("  ", true)]
    [InlineData("a\u0000b", false)]
    [InlineData("a\u001b[31mb", false)]
    public void Reason_IsCheckedWhereItMatters(string? reason, bool needed)
    {
        var errors = new FieldErrors();
        ReasonText.Read(reason, needed, errors);
        Assert.Equal("reason", errors.Found.Single().Field);
    }

    [Fact]
    public void Reason_OfFiveHundredCharacters_IsTheLongest()
    {
        var errors = new FieldErrors();
        Assert.Equal(500, ReasonText.Read(new string('x', 500), true, errors).Length);
        Assert.False(errors.Any);
        ReasonText.Read(new string('x', 501), true, errors);
        Assert.True(errors.Any);
    }

    private static StopWish Read(StopBody body, StopOptions? defaults = null, int? waitMs = null, FieldErrors? errors = null) =>
        StopWish.Read(body, waitMs, defaults ?? new(), needsReason: false, 5_000, errors ?? new());
}
