using EmergencyStop.Grains.Stopping;

namespace EmergencyStop.Grains.Tests.Stopping;

public sealed class FanOutTests
{
    private const int Items = 20_000;
    private const int Window = 64;

    [Fact]
    public async Task InWindows_OutsideOfAGrain_CallsForEachItemOnce()
    {
        var calls = new int[Items];
        var results = await Task.Run(() => FanOut.InWindowsAsync([.. Enumerable.Range(0, Items)], Window, async i =>
        {
            await Task.Yield();
            Interlocked.Increment(ref calls[i]);
            return i;
        }));
        Assert.All(calls, c => Assert.Equal(1, c));
        Assert.Equal(Enumerable.Range(0, Items), results);
    }

    [Fact]
    public async Task InWindows_NeverHasMoreThanAWindowUnderWay()
    {
        var (now, most) = (0, 0);
        await FanOut.InWindowsAsync([.. Enumerable.Range(0, 500)], 7, async i =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return i;
        });
        Assert.InRange(most, 1, 7);
    }
}
