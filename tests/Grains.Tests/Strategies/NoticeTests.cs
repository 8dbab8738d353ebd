using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using EmergencyStop.Venues.Tests.Strategies;

namespace EmergencyStop.Grains.Tests.Strategies;

public sealed class NoticeTests
{
    private static readonly (string, string) Loopback = ("Callbacks:AllowedNetworks:0", "127.0.0.1/32");

    [Fact]
    public async Task Stop_TellsItsStrategies_AndSaysWhenEachHeard()
    {
        await using var receiver = await CallbackReceiver.StartAsync(_ => 200);
        await using var world = await World.StartAsync(Loopback);
        await RegisterAsync(world, "s1", receiver.Url);

        var (stop, result) = await world.StopAsync("USER:alice");

        Assert.True(result.Success);
        var notice = await UntilAsync(world, stop.Id, n => n.State == NoticeState.Told);
        Assert.Equal((NoticeKind.Paused, "s1", 1), (notice.Notice.Kind, notice.Notice.Strategy.Value, notice.Attempts));
        Assert.Contains("strategy.paused", Assert.Single(receiver.All).Body, StringComparison.Ordinal);
    }

    /// <summary>A callback that hangs for ten seconds delays nothing: the gate, the pause and the stop's completion come first.</summary>
    [Fact]
    public async Task Stop_WhoseStrategiesHang_CompletesAtOnce_AndSaysThatTheyWereNotTold()
    {
        await using var receiver = await CallbackReceiver.StartAsync(_ => 0);
        await using var world = await World.StartAsync(
            Loopback, ("Callbacks:AttemptTimeout", "00:00:30"), ("Callbacks:GiveUpAfter", "00:00:10"), ("Notices:AtOnce", "1"));
        await RegisterAsync(world, "s1", receiver.Url);
        await RegisterAsync(world, "s2", receiver.Url);

        var (stop, result) = await world.StopAsync("USER:alice", waitSeconds: 5);

        Assert.True(result.Success, result.Message);
        Assert.Equal(2, result.StrategiesPaused);
        Assert.All(await world.Ledger.NoticesAsync(stop.Id, CancellationToken.None), n => Assert.Equal(NoticeState.Pending, n.State));
        Assert.IsType<Releasing.ReleaseAnswer.Released>(await world.ReleaseAsync(stop.Id));
        var resumed = await world.Strategy("s1").ResumeAsync(World.Officer, "test", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));
        Assert.IsType<ResumeAnswer.Resumed>(resumed);

        var notTold = await UntilAsync(world, stop.Id, n => n.State == NoticeState.NotTold);
        Assert.Contains("did not answer", notTold.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_AndARelease_TellThatItMayTradeAgain()
    {
        await using var receiver = await CallbackReceiver.StartAsync(_ => 200);
        await using var world = await World.StartAsync(Loopback);
        await RegisterAsync(world, "s1", receiver.Url);

        var (first, _) = await world.StopAsync("USER:alice");
        await world.ReleaseAsync(first.Id);
        await world.Strategy("s1").ResumeAsync(World.Officer, "test", CancellationToken.None);
        await UntilAsync(world, first.Id, n => n is { State: NoticeState.Told, Notice.Kind: NoticeKind.Resumed });

        var (second, _) = await world.StopAsync("STRATEGY:s1");
        await world.ReleaseAsync(second.Id, resume: true);
        await UntilAsync(world, second.Id, n => n is { State: NoticeState.Told, Notice.Kind: NoticeKind.Resumed });
        Assert.Equal(4, receiver.All.Select(h => h.Headers["webhook-id"]).Distinct().Count());
    }

    [Fact]
    public async Task Notice_ThatAProcessLeftBehind_IsToldByTheNext_UnderItsId()
    {
        await using var deaf = await CallbackReceiver.StartAsync(_ => 0);
        var world = await World.StartAsync(Loopback, ("Callbacks:AttemptTimeout", "00:00:30"));
        await RegisterAsync(world, "s1", deaf.Url);
        var (stop, _) = await world.StopAsync("USER:alice");
        var left = await UntilAsync(world, stop.Id, n => n.State == NoticeState.Pending);
        await using var receiver = await CallbackReceiver.StartAsync(_ => 200);
        await RegisterAsync(world, "s1", receiver.Url);
        await world.AbandonAsync();

        await using var next = await World.StartAsync(world, Loopback);

        var told = await UntilAsync(next, stop.Id, n => n.State == NoticeState.Told);
        Assert.Equal(left.Notice.Id, told.Notice.Id);
        Assert.Equal(told.Notice.Id, Assert.Single(receiver.All).Headers["webhook-id"]);
    }

    private static Task<Strategy?> RegisterAsync(World world, string strategy, Uri url) => world.Ledger.RegisterAsync(
        StrategyId.Parse(strategy), UserId.Parse("alice"), null, url.ToString(), mayChangeOwner: false, TimeProvider.System.GetUtcNow(), CancellationToken.None);

    private static async Task<NoticeOutcome> UntilAsync(World world, StopId stop, Func<NoticeOutcome, bool> enough)
    {
        for (var i = 0; i < 1200; i++)
        {
            if ((await world.Ledger.NoticesAsync(stop, CancellationToken.None)).FirstOrDefault(enough) is { } found)
            {
                return found;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException(string.Join("; ", await world.Ledger.NoticesAsync(stop, CancellationToken.None)));
    }
}
