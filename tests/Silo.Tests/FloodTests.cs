using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace EmergencyStop.Silo.Tests;

/// <summary>A flood of orders against a SYSTEM stop: none that began after the answer is admitted.</summary>
public sealed class FloodTests
{
    private const int Callers = 24;

    [Fact]
    public async Task SystemStop_UnderAFlood_AdmitsNothingThatBeganAfterItsAnswer()
    {
        using var data = new TempFolder();
        await using var venue = await Simulator.StartAsync();
        await using var service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
        using var engine = ServiceClient.Of(service, await ServiceClient.MakeKeyAsync(data.Path, "engine"));
        using var officer = ServiceClient.Of(service, await ServiceClient.MakeKeyAsync(data.Path, "risk_officer"));

        var calls = new ConcurrentBag<(long Began, HttpStatusCode Status)>();
        using var ending = new CancellationTokenSource();
        var flood = Enumerable.Range(0, Callers).Select(async c =>
        {
            while (!ending.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                calls.Add((began, (await engine.PlaceAsync($"user{c % 8}", $"s{c % 5}", c % 2 == 0 ? "AAPL" : "MSFT")).Status));
            }
        }).ToArray();

        await Task.Delay(TimeSpan.FromSeconds(2));
        var (status, answer) = await officer.PostAsync("emergency-stop/system/stop?wait_ms=0", new { reason = "flood drill" });
        var answered = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(2));
        await ending.CancelAsync();
        await Task.WhenAll(flood);

        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Accepted, answer.ToJsonString());
        Assert.Contains(calls, c => c.Began < answered && c.Status == HttpStatusCode.Created);
        var late = calls.Where(c => c.Began > answered).ToArray();
        Assert.NotEmpty(late);
        Assert.All(late, c => Assert.Equal((HttpStatusCode)423, c.Status));
        Assert.All(calls, c => Assert.True(c.Status is HttpStatusCode.Created or (HttpStatusCode)423, $"{c.Status}"));

        var stop = await officer.UntilAsync(
            $"emergency-stop/stops/{answer["stop_id"]!.GetValue<string>()}", s => s["state"]?.GetValue<string>() == "completed");
        Assert.True(stop["orders_cancelled"]!.GetValue<int>() > 0);
        Assert.Empty(await venue.OpenOrdersAsync());
    }
}
