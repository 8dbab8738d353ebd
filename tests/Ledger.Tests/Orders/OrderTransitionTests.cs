using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using FsCheck;
using FsCheck.Fluent;

namespace EmergencyStop.Ledger.Tests.Orders;

public sealed class OrderTransitionTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    private static readonly Order InFlight = new(
        OrderId.Parse("o"),
        new(UserId.Parse("alice"), StrategyId.Parse("s1"), Symbol.Parse("BTC-USD"), OrderSide.Buy, 10, OrderType.Limit, 1),
        AccountId.Parse("acc"), 5, OrderState.InFlight, At, At);

    [Theory]
    [InlineData(OrderState.InFlight, OrderState.Open, OrderState.Open)]
    [InlineData(OrderState.InFlight, OrderState.Unknown, OrderState.Unknown)]
    [InlineData(OrderState.InFlight, OrderState.NeverSent, OrderState.NeverSent)]
    [InlineData(OrderState.InFlight, OrderState.Rejected, OrderState.Rejected)]
    [InlineData(OrderState.Unknown, OrderState.Open, OrderState.Open)]
    [InlineData(OrderState.Unknown, OrderState.NeverSent, OrderState.NeverSent)]
    [InlineData(OrderState.Unknown, OrderState.InFlight, OrderState.Unknown)]
    [InlineData(OrderState.Open, OrderState.Unknown, OrderState.Open)]
    [InlineData(OrderState.Open, OrderState.InFlight, OrderState.Open)]
    [InlineData(OrderState.Open, OrderState.NeverSent, OrderState.Open)]
    [InlineData(OrderState.Open, OrderState.Cancelled, OrderState.Cancelled)]
    [InlineData(OrderState.Cancelled, OrderState.Open, OrderState.Cancelled)]
    [InlineData(OrderState.Cancelled, OrderState.Filled, OrderState.Cancelled)]
    [InlineData(OrderState.Filled, OrderState.Unknown, OrderState.Filled)]
    [InlineData(OrderState.Rejected, OrderState.NeverSent, OrderState.Rejected)]
    [InlineData(OrderState.NeverSent, OrderState.Unknown, OrderState.NeverSent)]
    [InlineData(OrderState.NeverSent, OrderState.InFlight, OrderState.NeverSent)]
    [InlineData(OrderState.NeverSent, OrderState.Open, OrderState.Open)]
    [InlineData(OrderState.NeverSent, OrderState.Filled, OrderState.Filled)]
    public void Apply_LeadsFromOneStateToAnother(OrderState from, OrderState evidence, OrderState to)
    {
        var order = InFlight with { State = from, EndedAfter = from.IsActive() ? null : 6 };

        Assert.Equal(to, OrderTransition.Apply(order, new(order.Id, evidence, At), 9).State);
    }

    [Fact]
    public void Apply_NeverSent_OfAnOrderThatTheVenueHasShown_ChangesNothing()
    {
        var shown = InFlight with { State = OrderState.Unknown, VenueOrderId = "v" };
        var filled = InFlight with { State = OrderState.Unknown, FilledQuantity = 1 };

        Assert.Equal(OrderState.Unknown, OrderTransition.Apply(shown, new(shown.Id, OrderState.NeverSent, At), 9).State);
        Assert.Equal(OrderState.Unknown, OrderTransition.Apply(filled, new(filled.Id, OrderState.NeverSent, At), 9).State);
    }

    [Fact]
    public void Apply_AnEnd_KeepsTheNumberItCameAfter_UntilTheOrderTurnsUp()
    {
        var ended = OrderTransition.Apply(InFlight, new(InFlight.Id, OrderState.NeverSent, At), 9);
        var filled = OrderTransition.Apply(ended, new(InFlight.Id, OrderState.Filled, At, 10, 1), 20);
        var reopened = OrderTransition.Apply(ended, new(InFlight.Id, OrderState.Open, At), 20);
        var more = OrderTransition.Apply(filled, new(InFlight.Id, OrderState.Filled, At, 11, 1), 30);

        Assert.Equal((9, 20, null, 20), (ended.EndedAfter, filled.EndedAfter, reopened.EndedAfter, more.EndedAfter));
    }

    [Fact]
    public void Apply_EvidenceThatTellsNothingNew_IsTheSameRow()
    {
        var evidence = new OrderEvidence(InFlight.Id, OrderState.Open, At.AddSeconds(1), 3, 1.5m, "v", At);
        var once = OrderTransition.Apply(InFlight, evidence, 9);

        Assert.Same(once, OrderTransition.Apply(once, evidence with { At = At.AddSeconds(2) }, 10));
        Assert.Equal((3m, 1.5m, "v", At, At.AddSeconds(1)), (once.FilledQuantity, once.AveragePrice, once.VenueOrderId, once.SentAt, once.UpdatedAt));
    }

    [Fact]
    public void Apply_AnyEvidenceInAnyOrder_KeepsTheRules()
    {
        var states = Gen.Elements(Enum.GetValues<OrderState>());
        var evidence = from state in states
                       from filled in Gen.Choose(0, 12)
                       from venue in Gen.Elements(null, "v")
                       select new OrderEvidence(InFlight.Id, state, At, filled, filled, venue);
        Prop.ForAll(Arb.From(Gen.ListOf(evidence)), list =>
        {
            var (order, number) = (InFlight, 10L);
            foreach (var next in list)
            {
                var after = OrderTransition.Apply(order, next, number++);
                Assert.True(after.FilledQuantity >= order.FilledQuantity);
                Assert.Equal(after.State.IsActive(), after.EndedAfter is null);
                Assert.True(order.State.IsActive() || order.State == OrderState.NeverSent || after.State == order.State);
                Assert.True(after.State != OrderState.InFlight || order.State == OrderState.InFlight);
                Assert.True(after.State != OrderState.Unknown || order.State is OrderState.InFlight or OrderState.Unknown);
                order = after;
            }
        }).QuickCheckThrowOnFailure();
    }
}
