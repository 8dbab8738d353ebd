using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Orders;

/// <summary>Admissions that the ledger did not answer, though it carried them out: their sender never wrote them, and says so (law 4).</summary>
public sealed class UnansweredAdmissionTests
{
    private static readonly UserId Alice = UserId.Parse("alice");
    private static readonly ClientOrderId Name = ClientOrderId.Parse("mine");

    [Fact]
    public async Task AnOrder_WhoseAdmissionWasNotAnswered_IsNeverSent_AndTheLedgerLearnsSo()
    {
        await using var world = await World.StartAsync();
        world.Fault.Set(LedgerTrouble.LosesAdmissions);
        Assert.IsType<PlaceAnswer.Unavailable>(await world.TryPlaceAsync(World.Resting("alice") with { ClientOrderId = Name }));
        Assert.Equal(OrderState.InFlight, (await FindAsync(world))?.State);

        world.Fault.Set(LedgerTrouble.None);

        await AttestedAsync(world);
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task ARepeat_OfAnUnansweredAdmission_FindsNoOrderInFlightThatNobodySends()
    {
        await using var world = await World.StartAsync(("Orders:PollEvery", "00:01:00"));
        world.Fault.Set(LedgerTrouble.LosesAdmissions);
        Assert.IsType<PlaceAnswer.Unavailable>(await world.TryPlaceAsync(World.Resting("alice") with { ClientOrderId = Name }));
        world.Fault.Set(LedgerTrouble.None);

        var again = Assert.IsType<PlaceAnswer.Admitted>(await world.TryPlaceAsync(World.Resting("alice") with { ClientOrderId = Name }));

        Assert.Equal((true, OrderState.NeverSent), (again.Repeated, again.Order.State));
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task AnAdmission_ThatIsCarriedOutLongAfterItWasRefused_IsAttestedAgain()
    {
        await using var world = await World.StartAsync(("Orders:SendWindow", "00:00:20"));
        world.Fault.Set(LedgerTrouble.AdmitsLate);
        Assert.IsType<PlaceAnswer.Unavailable>(await world.TryPlaceAsync(World.Resting("alice") with { ClientOrderId = Name }));
        await World.UntilAsync(() => world.Fault.Told >= 2);
        Assert.Null(await FindAsync(world));

        world.Fault.Set(LedgerTrouble.None);

        await AttestedAsync(world);
    }

    [Fact]
    public async Task AStop_OverAnUnansweredAdmission_CompletesAtOnce()
    {
        await using var world = await World.StartAsync();
        world.Fault.Set(LedgerTrouble.LosesAdmissions);
        Assert.IsType<PlaceAnswer.Unavailable>(await world.TryPlaceAsync(World.Resting("alice") with { ClientOrderId = Name }));

        var (stop, result) = await world.StopAsync("USER:alice");

        Assert.Equal(StopState.Completed, result.State);
        var outcome = Assert.Single(await world.Ledger.OutcomesAsync(stop.Id, CancellationToken.None), o => o.Kind == ObligationKind.Order);
        Assert.Equal((OutcomeKind.NeverSent, false), (outcome.Outcome, outcome.Inferred));
    }

    private static ValueTask<Order?> FindAsync(World world) => world.Ledger.FindOrderAsync(Alice, Name, CancellationToken.None);

    private static async Task AttestedAsync(World world)
    {
        var row = await World.EndedAsync(() => FindAsync(world));
        Assert.Equal(OrderState.NeverSent, row.State);
        Assert.StartsWith("attested", row.Reason, StringComparison.Ordinal);
    }
}
