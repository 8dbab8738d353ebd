using System.Diagnostics;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Risk;

/// <summary>The dead-man's switches over a real ledger.</summary>
public sealed class HeartbeatDeskTests
{
    private static readonly HeartbeatTerms Alice = new(StopTarget.Of(UserId.Parse("alice")), TimeSpan.FromSeconds(1), new(KeepProtective: true));
    private static readonly HeartbeatName Name = HeartbeatName.Parse("USER:alice");

    [Fact]
    public async Task Law10_WithoutTheLedger_ASwitchWhoseBeatsComeHere_Brakes_AndIsOneStopAfterwards()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        await BeatAsync(world);
        await BeatAsync(world);
        world.Fault.Set(LedgerTrouble.Down);
        await World.UntilAsync(() => !world.Spool.IsEmpty && world.OpenAtVenue("alice").IsEmpty);
        world.Fault.Set(LedgerTrouble.None);
        await World.UntilAsync(async () => (await world.Ledger.HeartbeatsAsync(CancellationToken.None)) is [{ State: HeartbeatState.Missed, Stop: not null }]);
        await World.UntilAsync(async () => (await world.StopsOnAsync("USER:alice")).Length > 0);
        var stop = Assert.Single(await world.StopsOnAsync("USER:alice"));
        Assert.Equal(EmergencyStopReason.ConnectivityIssue, stop.Request.ReasonCode);
        Assert.Equal(stop.Id, (await world.Ledger.HeartbeatsAsync(CancellationToken.None))[0].Stop);
    }

    [Fact]
    public async Task BeatsThatAnotherProcessWrites_KeepASwitchArmed_AndTheirEndFiresIt()
    {
        await using var world = await World.StartAsync();
        await world.Ledger.ArmHeartbeatAsync(Name, Alice, "engine", TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(3))
        {
            await world.Ledger.BeatAsync([new(Name, 1, 1)], CancellationToken.None);
            await Task.Delay(200);
        }

        Assert.Empty(await world.StopsOnAsync("USER:alice"));
        await World.UntilAsync(async () => (await world.StopsOnAsync("USER:alice")).Length == 1);
    }

    [Fact]
    public async Task F17_ASwitchThatFiredAndWasNotStopped_IsStoppedByWhoeverComesNext()
    {
        await using var world = await World.StartAsync();
        var armed = await world.Ledger.ArmHeartbeatAsync(Name, Alice with { Timeout = TimeSpan.FromHours(1) }, "engine", TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await world.Ledger.MissHeartbeatAsync(armed!, "nothing came", owesStop: true, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await World.UntilAsync(async () => (await world.Ledger.HeartbeatsAsync(CancellationToken.None)) is [{ OwesStop: false, Stop: not null }]);
        Assert.Equal("nothing came", Assert.Single(await world.StopsOnAsync("USER:alice")).Request.Reason);
    }

    [Fact]
    public async Task ASwitch_DoesNotFire_WhenABeatWasWrittenSinceItWasSeen()
    {
        await using var world = await World.StartAsync();
        var terms = Alice with { Timeout = TimeSpan.FromHours(1) };
        var seen = await world.Ledger.ArmHeartbeatAsync(Name, terms, "engine", TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await world.Ledger.BeatAsync([new(Name, 1, 1)], CancellationToken.None);
        Assert.Null(await world.Ledger.MissHeartbeatAsync(seen!, "silence", owesStop: true, TimeProvider.System.GetUtcNow(), CancellationToken.None));
        var again = await world.Ledger.HeartbeatsAsync(CancellationToken.None);
        Assert.NotNull(await world.Ledger.MissHeartbeatAsync(again[0], "silence", owesStop: false, TimeProvider.System.GetUtcNow(), CancellationToken.None));
        await world.Ledger.BeatAsync([new(Name, 1, 1)], CancellationToken.None); // Too late: only an arming counts now.
        Assert.Equal((1, HeartbeatState.Missed), ((await world.Ledger.HeartbeatsAsync(CancellationToken.None))[0].Beats, HeartbeatState.Missed));
    }

    [Fact]
    public async Task AThousandSwitches_AreWrittenManyAtOnce()
    {
        const int switches = 1_000;
        var written = 0;
        await using var world = await World.StartAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, switches), async (i, _) => await BeatAsync(world, i));
        world.Fault.Calling = (name, _) => written += name == nameof(ILedger.BeatAsync) ? 1 : 0;
        var began = Stopwatch.GetTimestamp();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < switches; i++)
            {
                await BeatAsync(world, i);
            }

            await Task.Delay(500);
        }

        world.Fault.Calling = null;
        var most = (Stopwatch.GetElapsedTime(began) / TimeSpan.FromMilliseconds(200)) + 1;
        Assert.InRange(written, 1, (int)most);
        var rows = await world.Ledger.HeartbeatsAsync(CancellationToken.None);
        Assert.All(rows, r => Assert.InRange(r.Beats, 1, 3));
    }

    private static async Task BeatAsync(World world, int? number = null)
    {
        var terms = number is null ? Alice : Alice with { Timeout = TimeSpan.FromMinutes(1) };
        var name = number is { } n ? HeartbeatName.Parse($"h{n}") : Name;
        Assert.Equal(HeartbeatState.Armed, (await world.Heartbeats.BeatAsync(name, terms, "engine", CancellationToken.None))?.State);
    }
}
