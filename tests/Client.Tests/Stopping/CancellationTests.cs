using EmergencyStop.Client.Tests.Wire;
using static EmergencyStop.Client.Tests.Wire.ScriptedService;

namespace EmergencyStop.Client.Tests.Stopping;

/// <summary>A cancelled token abandons the wait, never the stop.</summary>
public sealed class CancellationTests
{
    [Fact]
    public async Task CancelledWait_LeavesTheStopGoing_WithItsRetries()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var service = new ScriptedService(
            async cancellationToken =>
            {
                await hold.Task.WaitAsync(cancellationToken);
                throw new HttpRequestException("reset");
            },
            Answer(200, Completed));
        var client = TestClient.Of(service);
        using var tired = new CancellationTokenSource();
        var stopping = client.StrategyEmergencyStopAsync("s1", "drill", cancellationToken: tired.Token);
        await tired.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopping);
        Assert.Single(service.Requests);

        hold.SetResult();
        await client.DisposeAsync(); // Waits for the stop.
        Assert.Equal(2, service.Requests.Length);
        Assert.Single(service.Requests.Distinct());
    }

    [Fact]
    public async Task TokenCancelledBefore_StillStops()
    {
        var service = new ScriptedService(Answer(200, Completed));
        var client = TestClient.Of(service);
        try
        {
            await client.PanicAsync(cancellationToken: new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // Whether the answer was there already is a matter of speed.
        }

        await client.DisposeAsync();
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task CancelledRead_IsGivenUp()
    {
        var service = new ScriptedService(Silent);
        await using var client = TestClient.Of(service);
        using var tired = new CancellationTokenSource();
        var reading = client.StatusAsync(tired.Token);
        await tired.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Single(service.Requests);
    }
}
