using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>Rows as tests need them.</summary>
internal static class Rows
{
    public static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    public static readonly UserId Alice = UserId.Parse("alice");

    public static readonly UserId Bob = UserId.Parse("bob");

    public static readonly Symbol Btc = Symbol.Parse("BTC-USD");

    public static readonly StrategyId S1 = StrategyId.Parse("s1");

    public static Caller Caller(Role role, UserId? user = null) => new($"key-{role}", $"{role} key", role, user);

    public static Order Order(string id, OrderTerms terms, long number = 1, OrderState state = OrderState.Open) =>
        new(OrderId.Parse(id), terms, AccountId.Parse(terms.User.Value), number, state, At, At);

    public static Order Order(string id, UserId user, long number = 1, OrderState state = OrderState.Open) =>
        Order(id, new OrderTerms(user, S1, Btc, OrderSide.Buy, 1, OrderType.Limit, LimitPrice: 100), number, state);

    public static EmergencyStopRequest Request(StopTarget target, Caller by) =>
        new(target, new(), EmergencyStopReason.RiskViolation, "a test", by, At);

    public static Stop Stop(string id, EmergencyStopRequest request, StopState state) => new(
        StopId.Parse(id),
        7,
        request,
        state,
        new(GateClosed: TimeSpan.FromMilliseconds(1.5)),
        [],
        state == StopState.Working ? null : request.RequestedAt.AddMilliseconds(250),
        null);

    public static Stop Stop(string id, StopTarget target, Caller by, StopState state = StopState.Completed) => Stop(id, Request(target, by), state);

    public static Latch Latch(Stop stop) => new(
        stop.Id, stop.Target, stop.Number, stop.Request.ReasonCode, stop.Request.Reason, stop.Request.RequestedAt, stop.Request.RequestedBy.DisplayName);

    public static ItemOutcome Unknown(string order) => new(
        ObligationKind.Order, order, OutcomeKind.Unknown, At, TimeSpan.FromMilliseconds(12.3456), 0.5m, "acknowledge", "no answer in 2 s", 2, At.AddSeconds(1));

    public static Strategy Strategy(StrategyId id, UserId user, params StrategyPause[] pauses) => new(id, user, null, null, At, [.. pauses]);
}
