using EmergencyStop.Soak.Ledger;
using Xunit.Abstractions;

namespace EmergencyStop.Soak;

/// <summary>The soak of the ledger in its short form; <c>dotnet run --project tests/Soak</c> is the long one.</summary>
public sealed class LedgerShortFormTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Ledger_KilledAtRandomPoints_KeepsEveryAnswer()
    {
        var run = new SoakRun(Environment.TickCount, 20, TimeSpan.Zero);
        output.WriteLine($"seed {run.Seed}");
        var figures = await LedgerSoak.RunAsync(run, output.WriteLine);
        Assert.True(figures.Answers > 100, $"only {figures.Answers} answers were heard");
    }
}
