using EmergencyStop.Soak.Service;
using Xunit.Abstractions;

namespace EmergencyStop.Soak;

/// <summary>The soak of the service in its short form, beside that of the ledger.</summary>
public sealed class ServiceShortFormTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Service_KilledAtRandomPoints_BreaksNoLaw()
    {
        var run = new SoakRun(Environment.TickCount, 5, TimeSpan.Zero);
        output.WriteLine($"seed {run.Seed}");
        var figures = await ServiceSoak.RunAsync(run, output.WriteLine);
        Assert.True(figures.Answers > 100, $"only {figures.Answers} requests were made");
    }
}
