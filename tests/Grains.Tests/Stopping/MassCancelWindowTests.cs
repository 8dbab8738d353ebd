using System.Collections.Immutable;
using EmergencyStop.Grains.Braking;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;
using Microsoft.Extensions.Time.Testing;

namespace EmergencyStop.Grains.Tests.Stopping;

/// <summary>
/// A mass cancel that is owed and not sent yet is written within its window or never: somebody else may have settled the
/// debt, released the stop and let in orders that a late one would hit (law 7).
/// </summary>
public sealed class MassCancelWindowTests
{
    private const int Orders = 30;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Permit_IsTakenOnce()
    {
        using var window = new SendWindow(_time, Window);
        var permit = new MassCancelPermit(window);
        Assert.True(permit.TryTake(out _));
        Assert.False(permit.TryTake(out var why));
        Assert.Equal("it was written before", why);
    }

    [Fact]
    public void Permit_AfterTheWindow_IsRefusedAndResetsTheWrite()
    {
        using var window = new SendWindow(_time, Window);
        var permit = new MassCancelPermit(window);
        Assert.True(permit.TryTake(out _));
        _time.Advance(Window + TimeSpan.FromMilliseconds(1));
        Assert.True(permit.WindowEnd.IsCancellationRequested);
        Assert.False(new MassCancelPermit(window).TryTake(out var why));
        Assert.Contains("window", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Permit_OfAProcessThatStoodStill_IsRefusedThoughNoTimerHasFired()
    {
        var clock = new StandingClock();
        using var window = new SendWindow(clock, Window);
        clock.Stand(Window + TimeSpan.FromMilliseconds(1));
        Assert.False(window.End.IsCancellationRequested);
        Assert.False(new MassCancelPermit(window).TryTake(out _));
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public void Permit_WhenTheWallClockJumps_IsRefusedAtTheWindowsEndAtTheLatest(int seconds)
    {
        var clock = new JumpingClock();
        using var window = new SendWindow(clock, Window);
        clock.Advance(TimeSpan.FromSeconds(1));
        clock.Jump(TimeSpan.FromSeconds(seconds));
        Assert.Equal(seconds < 0, window.WhyOver() is null); // Set back, it is measured by the monotonic clock.
        clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.NotNull(window.WhyOver());
    }

    [Fact]
    public void Permit_WhenForbiddenMeanwhile_IsRefused()
    {
        var forbidden = false;
        using var window = new SendWindow(_time, Window);
        var permit = new MassCancelPermit(window, () => forbidden);
        forbidden = true;
        Assert.False(permit.TryTake(out _));
    }

    [Fact]
    public async Task ProcessThatStandsStillBetweenRecordAndSend_SendsNone_AndTheDebtEndsAsNeverSent()
    {
        var clock = new StandingClock();
        await using var world = await World.StartAsync(clock);
        await PlaceAsync(world);
        world.Fault.Calling = (name, args) =>
        {
            if (name == nameof(ILedger.RecordOutcomesAsync) && args[1] is ImmutableArray<ItemOutcome> outcomes
                && outcomes.Any(o => o is { Kind: ObligationKind.MassCancel, Phase: "asked" }))
            {
                world.Fault.Calling = null;
                clock.Stand(Window + TimeSpan.FromSeconds(1));
            }
        };
        var (stop, _) = await world.StopAsync("USER:alice");

        var outcomes = await world.UntilAsync(stop.Id, StopState.Completed);
        var debt = Assert.Single(outcomes, o => o.Kind == ObligationKind.MassCancel);
        Assert.Equal((OutcomeKind.Ended, "it was never sent: the send window of 2000 ms is over"), (debt.Outcome, debt.Reason));
        Assert.Equal(Orders, outcomes.Count(o => o.Kind == ObligationKind.Order && o.Outcome == OutcomeKind.Cancelled));
    }

    [Fact]
    public async Task Unanswered_IsOwedUntilItsWindowAndTheVenuesBoundAreOver()
    {
        await using var world = await World.StartAsync();
        await PlaceAsync(world);
        var before = TimeProvider.System.GetUtcNow();
        world.Faults.Change(f => f with { LoseAnswers = 1 });
        var (stop, _) = await world.StopAsync("USER:alice", waitSeconds: 0);
        var outcomes = await world.UntilAsync(stop.Id, o => o.Any(x => x is { Kind: ObligationKind.MassCancel, Phase: "acknowledge" }));
        var wait = new OrderOptions { SendWindow = Window }.UnclearWait(world.Venue.Description.VisibilityBound);
        var debt = outcomes.Single(o => o.Kind == ObligationKind.MassCancel);
        Assert.InRange(debt.NextTry!.Value, before + wait, debt.At + wait); // Measured from before the record, not from the silence.
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Brake_ThatStandsStillOrIsForbidden_SendsNone_OwesNone_AndCancelsOneByOne(bool stands)
    {
        await using var world = await World.StartAsync();
        await PlaceAsync(world);
        var clock = new StandingClock();
        AccountBrake? brake = null;
        var owed = false;
        var venue = VenueHook.Around(world.Venue, name =>
        {
            if (name != nameof(IVenue.CancelAllAsync))
            {
                return;
            }

            owed = brake?.MassCancel is not null;
            if (stands)
            {
                clock.Stand(Window + TimeSpan.FromSeconds(1));
            }
            else
            {
                brake?.ForbidMassCancel();
            }
        });
        brake = new(Pressed("USER:alice"), AccountId.Parse("alice"), world.SightThrough(venue, clock));

        await brake.LookAsync(CancellationToken.None);

        Assert.True(owed);
        Assert.Null(brake.MassCancel);
        Assert.Equal(Orders, brake.Outcomes.Count(o => o is { Outcome: OutcomeKind.Cancelled, Attempts: 1 }));
    }

    private static Stop Pressed(string target)
    {
        var request = new EmergencyStopRequest(
            StopTarget.Parse(target), new(), EmergencyStopReason.UserInitiated, "test", World.Officer, TimeProvider.System.GetUtcNow());
        return new(StopId.Parse("pressed"), 0, request, StopState.Working, new(), [], null, null);
    }

    private static async Task PlaceAsync(World world)
    {
        for (var i = 0; i < Orders; i++)
        {
            await world.PlaceAsync(World.Resting("alice"));
        }
    }

    private sealed class JumpingClock : FakeTimeProvider
    {
        private TimeSpan _jumped;

        public void Jump(TimeSpan by) => _jumped += by;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _jumped;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
