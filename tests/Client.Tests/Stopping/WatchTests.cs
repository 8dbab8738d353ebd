using EmergencyStop.Client.Tests.Wire;
using Microsoft.Extensions.Time.Testing;
using static EmergencyStop.Client.Tests.Wire.ScriptedService;

namespace EmergencyStop.Client.Tests.Stopping;

/// <summary>An event stream that breaks is opened anew.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task BrokenStreams_AreOpenedAnew_UntilTheEnd()
    {
        var service = new ScriptedService(
            Events(("progress", Working)), Broken, Problem(503, "starting"), Events(("progress", Working), ("heartbeat", Working), ("end", Completed), ("progress", Working)));
        await using var client = TestClient.Of(service);
        var news = await client.WatchAsync("st/1").ToListAsync();
        Assert.Equal([StopNews.Progress, StopNews.Progress, StopNews.Heartbeat, StopNews.End], news.Select(n => n.News));
        Assert.Equal(StopState.Completed, news[^1].Result.State);
        Assert.All(service.Requests, r => Assert.Equal("GET /api/trading-engine/emergency-stop/stops/st%2F1/events", r.Line));
    }

    [Fact]
    public async Task StreamsThatBringNothing_AreGivenUp()
    {
        var service = new ScriptedService(Events());
        await using var client = TestClient.Of(service, retries: 2);
        var lost = await Assert.ThrowsAsync<EmergencyStopException>(async () => await client.WatchAsync("st-1").ToListAsync());
        Assert.Equal(EmergencyStopProblem.Unreachable, lost.Problem.Code);
        Assert.Equal(3, service.Requests.Length);
    }

    [Fact]
    public async Task UnknownStop_IsNotAskedForAgain()
    {
        var service = new ScriptedService(Problem(404, "not_found"));
        await using var client = TestClient.Of(service);
        var none = await Assert.ThrowsAsync<EmergencyStopException>(async () => await client.WatchAsync("st-1").ToListAsync());
        Assert.Equal("not_found", none.Problem.Code);
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task SilentStream_IsOpenedAnew()
    {
        var time = new FakeTimeProvider();
        var service = new ScriptedService(Silent, Events(("end", Completed)));
        await using var client = TestClient.Of(service, time);
        var watching = client.WatchAsync("st-1").ToListAsync().AsTask();
        for (var i = 0; i < 1000 && !watching.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(watching, Task.Delay(5));
        }

        Assert.Equal(StopNews.End, Assert.Single(await watching.WaitAsync(TimeSpan.FromSeconds(10))).News);
        Assert.Equal(2, service.Requests.Length);
    }

    [Fact]
    public async Task CancelledWatch_Ends()
    {
        await using var client = TestClient.Of(new ScriptedService(Silent));
        using var tired = new CancellationTokenSource();
        var watching = client.WatchAsync("st-1", tired.Token).ToListAsync().AsTask();
        await tired.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }
}
