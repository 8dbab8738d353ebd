using System.Diagnostics;
using EmergencyStop.SoloSilo.Tests.Grains;
using Orleans.Solo;

namespace EmergencyStop.SoloSilo.Tests.Hosting;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    public void Quantile_IsExactToAQuarter(double quantile, int milliseconds)
    {
        var counts = new LatencyCounts();
        foreach (var latency in Enumerable.Range(1, 100))
        {
            counts.Add(TimeSpan.FromMilliseconds(latency));
        }

        var found = LatencyCounts.Quantile(counts.Read(), quantile).TotalMilliseconds;

        Assert.InRange(found, milliseconds, milliseconds * 1.25);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000_000_000L)]
    public void AnyLatency_IsCounted(long ticks)
    {
        var counts = new LatencyCounts();

        counts.Add(TimeSpan.FromTicks(ticks));

        Assert.Equal(1, LatencyCounts.Total(counts.Read()));
    }

    [Fact]
    public async Task Queues_ShowWhatWaits()
    {
        await using var silo = await Silo.StartAsync();
        var patient = silo.Grains.GetGrain<IPatient>("p");
        _ = patient.WaitAsync(TimeSpan.FromHours(1));
        var waiting = Enumerable.Range(0, 3).Select(patient.NoteAsync).ToArray();

        var began = Stopwatch.GetTimestamp();
        while (silo.Statistics.ReadQueues().Sum(queue => queue.Waiting) != waiting.Length // The first call may be waiting yet, too.
            && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
        {
            await Task.Yield();
        }

        Assert.Equal(waiting.Length, Assert.Single(silo.Statistics.ReadQueues()).Waiting);
    }

    [Fact]
    public async Task Activity_IsTheCalleesParent_AndStaysTheCallers()
    {
        await using var silo = await Silo.StartAsync();
        using var press = new Activity("press").Start();

        var seen = await silo.Grains.GetGrain<IPatient>("p").TraceAsync();

        Assert.Equal(press.TraceId.ToString(), seen);
        Assert.Same(press, Activity.Current);
    }

    [Fact]
    public async Task Activity_OfOneCall_IsNotThatOfTheNext()
    {
        await using var silo = await Silo.StartAsync();
        var patient = silo.Grains.GetGrain<IPatient>("p");
        using (new Activity("press").Start())
        {
            await patient.TraceAsync();
        }

        Assert.Null(await patient.TraceAsync());
    }
}
