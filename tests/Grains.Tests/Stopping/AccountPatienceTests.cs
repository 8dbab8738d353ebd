using System.Collections.Immutable;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Tests.Stopping;

/// <summary>A message between processes may be lost; a call that is under way may take long. Only the second is waited for.</summary>
public sealed class AccountPatienceTests
{
    private static readonly UserId Alice = UserId.Parse("alice");

    [Theory]
    [InlineData("USER:alice")]
    [InlineData("SYSTEM")]
    public async Task ALostCall_IsNotWaitedFor(string target)
    {
        await using var world = await World.StartAsync();
        var (stop, _) = await world.StopAsync(target);
        var patience = PatienceIn(world);
        var lost = new TaskCompletionSource<string>(); // Its answer never comes.

        Assert.Null(await patience.WaitAsync(stop, Alice, lost.Task).WaitAsync(TimeSpan.FromSeconds(20)));
        await World.UntilAsync(() => Task.FromResult(!patience.IsLate(stop.Id, Alice)));
        Assert.False(patience.AnyLate(stop.Id));
    }

    [Fact]
    public async Task ACallThatIsUnderWay_IsWaitedForByWhomItIsAbout()
    {
        await using var world = await World.StartAsync(("Venues:Simulated:AttemptTimeout", "00:00:02"));
        var (stop, sweep) = await BeginSlowSweepAsync(world, "USER:alice");
        var report = await PatienceIn(world).WaitAsync(stop, Alice, sweep);
        Assert.Single(report!.Outcomes);
    }

    [Fact]
    public async Task ACallThatIsUnderWay_IsLateUntilItIsThrough()
    {
        await using var world = await World.StartAsync(("Venues:Simulated:AttemptTimeout", "00:00:02"));
        var (stop, sweep) = await BeginSlowSweepAsync(world, "SYSTEM");
        var patience = PatienceIn(world);
        Assert.Null(await patience.WaitAsync(stop, Alice, sweep));
        while (!sweep.IsCompleted)
        {
            Assert.True(patience.IsLate(stop.Id, Alice) || sweep.IsCompleted);
            await Task.Delay(50);
        }

        await World.UntilAsync(() => Task.FromResult(!patience.IsLate(stop.Id, Alice)));
    }

    [Fact]
    public async Task AUsersGrain_WorksForAStop_WhileItSweeps()
    {
        await using var world = await World.StartAsync(("Venues:Simulated:AttemptTimeout", "00:00:02"));
        var (stop, sweep) = await BeginSlowSweepAsync(world, "USER:alice");
        Assert.True(await world.User("alice").WorksForAsync(stop.Id, CancellationToken.None));
        Assert.False(await world.User("alice").WorksForAsync(StopId.Parse("another"), CancellationToken.None));
        await sweep;
        Assert.False(await world.User("alice").WorksForAsync(stop.Id, CancellationToken.None));
    }

    /// <summary>A sweep at a venue that says nothing for two seconds, of a stop that sweeps nothing itself.</summary>
    private static async Task<(Stop Stop, Task<SweepReport> Sweep)> BeginSlowSweepAsync(World world, string target)
    {
        var order = await world.PlaceAsync(World.Resting("alice"));
        var (stop, _) = await world.StopAsync(target, new(CancelOrders: false));
        world.Faults.Change(f => f with { Silent = true });
        return (stop, world.User("alice").SweepAsync(new(stop.Id, stop.Number, [order], 1, WholeAccount: false), CancellationToken.None));
    }

    private static AccountPatience PatienceIn(World world) =>
        new(world.Grains, TimeProvider.System, Options.Create(new StoppingOptions { AccountWait = TimeSpan.FromMilliseconds(100) }));
}
