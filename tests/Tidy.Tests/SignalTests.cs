using System.Text.RegularExpressions;

namespace EmergencyStop.Tidy.Tests;

/// <summary>Whatever may be seen at night has its line on the page for those on call.</summary>
public sealed partial class SignalTests
{
    private static readonly string Page = Checkout.Read("docs/on-call.md");

    [Theory]
    [InlineData("src/Grains.Interfaces/EventIds.cs")]
    [InlineData("src/Api/EventIds.cs")]
    [InlineData("src/Venues/VenueEvents.cs")]
    public void LogEvent_IsOnTheOnCallPage(string file) =>
        Assert.Empty(EventId().Matches(Checkout.Read(file)).Where(m => !Page.Contains(m.Groups[2].Value, StringComparison.Ordinal)).Select(m => m.Value));

    [Fact]
    public void ProblemCode_IsOnTheOnCallPage() => Assert.Empty(
        Code().Matches(Checkout.Read("src/Api/Errors/Problems.cs")).Select(m => m.Groups[1].Value).Where(c => !Page.Contains($"`{c}`", StringComparison.Ordinal)));

    [GeneratedRegex(@"const int (\w+) = (\d+)")]
    private static partial Regex EventId();

    [GeneratedRegex(@"(?:Status\d+\w+|status),\s*""([a-z_]+)""")]
    private static partial Regex Code();
}
