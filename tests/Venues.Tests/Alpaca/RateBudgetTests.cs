using EmergencyStop.Venues.Alpaca;
using Microsoft.Extensions.Time.Testing;

namespace EmergencyStop.Venues.Tests.Alpaca;

/// <summary>F24: cancels always find room.</summary>
public sealed class RateBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void F24_OrdersLeaveTheReservedShare()
    {
        var budget = new RateBudget(callsPerMinute: 100, reservedPercent: 50, _time);

        Assert.Equal(50, Taken(budget, CallKind.Placing));
        Assert.Equal(25, Taken(budget, CallKind.Reading));
        Assert.Equal(25, Taken(budget, CallKind.Cancelling));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(100, Taken(budget, CallKind.Cancelling));
    }

    [Fact]
    public void F24_WatchingNeverTouchesTheReservedShare()
    {
        var budget = new RateBudget(callsPerMinute: 100, reservedPercent: 50, _time);
        Assert.Equal(50, Taken(budget, CallKind.Watching));
        Assert.Equal(50, Taken(budget, CallKind.Cancelling));
    }

    [Fact]
    public async Task F24_WaitingCancelsGoInTheOrderInWhichTheyCame()
    {
        var budget = new RateBudget(callsPerMinute: 1, reservedPercent: 50, _time);
        Assert.True(await budget.EnterAsync(CallKind.Cancelling, default));
        var went = new List<int>();
        var waiting = Enumerable.Range(0, 5).Select(async n =>
        {
            await budget.EnterAsync(CallKind.Cancelling, default);
            lock (went)
            {
                went.Add(n);
            }
        }).ToArray();
        for (var i = 0; i < 5 * 300 && went.Count < 5; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal([0, 1, 2, 3, 4], went);
    }

    [Fact]
    public void F24_TheVenuesOwnCountHasAReservedShareToo()
    {
        var budget = new RateBudget(callsPerMinute: 0, reservedPercent: 50, _time);
        budget.Learn(limit: 10, remaining: 8, _time.GetUtcNow().AddSeconds(1));

        Assert.Equal(3, Taken(budget, CallKind.Placing));
        Assert.Equal(3, Taken(budget, CallKind.Reading));
        Assert.Equal(2, Taken(budget, CallKind.Cancelling));
    }

    [Fact]
    public async Task F24_WhileACancelWaits_NothingElseTakes()
    {
        var budget = new RateBudget(callsPerMinute: 100, reservedPercent: 50, _time);
        budget.Close(_time.GetUtcNow().AddSeconds(1));
        using var end = new CancellationTokenSource();
        var order = budget.EnterAsync(CallKind.Placing, end.Token).AsTask();
        var cancel = budget.EnterAsync(CallKind.Cancelling, end.Token).AsTask();

        while (!cancel.IsCompleted)
        {
            Assert.False(order.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        Assert.True(await cancel);
        await end.CancelAsync();
    }

    [Fact]
    public async Task Close_UntilReset_HoldsEverything()
    {
        var budget = new RateBudget(callsPerMinute: 0, reservedPercent: 50, _time);
        budget.Close(_time.GetUtcNow().AddSeconds(5));

        Assert.Equal(0, Taken(budget, CallKind.Cancelling));
        using var soon = new CancellationTokenSource();
        var waiting = budget.EnterAsync(CallKind.Cancelling, soon.Token);
        await soon.CancelAsync();
        Assert.False(await waiting);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1000, Taken(budget, CallKind.Cancelling));
    }

    [Fact]
    public void Learn_OfAnOvertakenAnswer_GivesNoRoomBack()
    {
        var budget = new RateBudget(callsPerMinute: 0, reservedPercent: 50, _time);
        var reset = _time.GetUtcNow().AddSeconds(1);
        budget.Learn(limit: 10, remaining: 1, reset);
        budget.Learn(limit: 10, remaining: 9, reset);

        Assert.Equal(1, Taken(budget, CallKind.Cancelling));
    }

    private static int Taken(RateBudget budget, CallKind kind)
    {
        var taken = 0;
        while (taken < 1000 && budget.EnterAsync(kind, new CancellationToken(canceled: true)).AsTask() is { IsCompletedSuccessfully: true, Result: true })
        {
            taken++;
        }

        return taken;
    }
}
