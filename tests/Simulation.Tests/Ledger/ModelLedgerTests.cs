using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <summary>What one process sees of the ledger, which no comparison of answers shows.</summary>
public sealed class ModelLedgerTests
{
    private static readonly DateTimeOffset Press = new(2026, 1, 5, 15, 0, 0, TimeSpan.Zero);
    private static readonly Caller Officer = new("k1", "desk", Role.RiskOfficer, null);
    private static readonly AccountId Account = AccountId.Parse("acc");
    private readonly ModelStore _store = new();
    private readonly HeldFate _fate = new();
    private readonly ModelLedger _ledger;

    public ModelLedgerTests() => _ledger = new(_store, _fate, TimeProvider.System, cut: 2);

    [Fact]
    public async Task Gate_BeforeTheFirstAnswer_IsUnread()
    {
        Assert.Same(GateView.Unread, _ledger.Gate);
        var found = _ledger.FindStopAsync(StopId.Parse("s1"), default);
        Assert.Same(GateView.Unread, _ledger.Gate);
        _fate.Answer();
        Assert.Null(await found);
        Assert.Equal(0, _ledger.Gate.Number);
    }

    [Fact]
    public void Gate_IsThatOfTheTransaction_FromTheStepInWhichItsAnswerArrives()
    {
        var engaged = _ledger.EngageAsync(StopId.Parse("s1"), Request("alice"), default);
        _fate.CarryOut();
        Assert.Same(GateView.Unread, _ledger.Gate);
        _fate.Answer();
        Assert.True(engaged.IsCompletedSuccessfully);
        Assert.Equal(1, _ledger.Gate.Held);
    }

    [Fact]
    public async Task Gate_WhenAnOlderAnswerArrivesLate_StaysThatOfTheNewer()
    {
        _ = _store.Commit(() => _store.Engage(StopId.Parse("s1"), Request("alice") with { Options = new(false, false) }, Press));
        _ = _store.Commit(() => _store.Progress(StopId.Parse("s1"), StopState.Completed, new(), [], Press));
        var found = _ledger.FindStopAsync(StopId.Parse("s1"), default);
        _fate.CarryOut();
        _ = _ledger.ReleaseAsync(new(StopId.Parse("s1"), Officer, "over", false, Press), default);
        _fate.CarryOut(1);
        _fate.Answer(1);
        Assert.Equal(0, _ledger.Gate.Held);
        _fate.Answer();
        Assert.Null((await found)!.Release); // It was there.
        Assert.Equal(0, _ledger.Gate.Held);
    }

    [Fact]
    public async Task Gate_AfterACommitThatFailed_IsUnreadUntilTheNextAnswer()
    {
        var engaged = _ledger.EngageAsync(StopId.Parse("s1"), Request("alice"), default);
        _fate.Answer();
        Assert.IsType<EngageAnswer.Engaged>(await engaged);
        var admitted = _ledger.AdmitAsync(Order("o1"), default);
        _fate.CarryOut();
        _fate.Fail();
        await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await admitted);
        Assert.Same(GateView.Unread, _ledger.Gate);
        _ = _ledger.CountsAsync(default);
        _fate.Answer();
        Assert.Equal(1, _ledger.Gate.Held);
    }

    [Fact]
    public void RecordAsync_OfALongList_IsSeveralCommits()
    {
        Admit(5);
        var recorded = _ledger.RecordAsync(Evidence(5), default);
        Assert.Equal(1, Step());
        Assert.Equal(2, _store.Orders.Count(o => o.State == OrderState.Open));
        Assert.Equal(1, Step());
        Assert.Equal(4, _store.Orders.Count(o => o.State == OrderState.Open));
        Assert.Equal(0, Step());
        Assert.Equal(["o0", "o1", "o2", "o3", "o4"], Ids(recorded));
    }

    [Fact]
    public async Task RecordSweepAsync_WhenTheLedgerGoesDownBetweenTwoCommits_KeepsTheFirst()
    {
        Admit(3);
        _ = _store.Commit(() => _store.Engage(StopId.Parse("s1"), Request("alice"), Press));
        var recorded = _ledger.RecordSweepAsync(
            StopId.Parse("s1"),
            Evidence(3),
            [.. Enumerable.Range(0, 3).Select(i => new ItemOutcome(ObligationKind.Order, $"o{i}", OutcomeKind.Cancelled, Press, TimeSpan.Zero))],
            default);
        Assert.Equal(1, Step());
        _fate.Fail();
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => recorded);
        Assert.Equal(["o0", "o1"], _store.OutcomesOf(StopId.Parse("s1")).Select(o => o.Item));
        Assert.Equal(1, _store.Audit.Count(e => e.Entry.Action == "stop.outcomes"));
    }

    [Fact]
    public void PauseAsync_OfALongList_DrawsANumberACommit_AndOnlyItsFirstIsUrgent()
    {
        var stop = ((EngageAnswer.Engaged)_store.Commit(() => _store.Engage(StopId.Parse("s1"), Request("alice"), Press)).Answer).Stop;
        _ = _ledger.PauseAsync(stop, [.. Enumerable.Range(0, 3).Select(i => StrategyId.Parse($"m{i}"))], Press, default);
        _fate.Answer();
        _fate.Answer();
        Assert.Equal([("pause", true), ("pause", false)], _fate.Asked);
        Assert.Equal([NumberKind.Engaged, NumberKind.Paused, NumberKind.Paused], _store.Numbers.Select(n => n.Kind));
    }

    [Fact]
    public void RemembersOrders_OfAProcessThatStartedBlind_OnlyAfterTheFirstAnswer()
    {
        Admit(1);
        var blind = new ModelLedger(_store, _fate, TimeProvider.System, startsBlind: true);
        Assert.False(blind.RemembersOrders);
        Assert.Null(blind.Recall(OrderId.Parse("o0")));
        _ = blind.CountsAsync(default);
        _fate.Answer();
        Assert.True(blind.RemembersOrders);
        Assert.NotNull(blind.Recall(OrderId.Parse("o0")));
    }

    [Fact]
    public async Task OrderEventsAfterAsync_IsDoneWithTheCommitThatBringsOne()
    {
        var changed = _ledger.OrderEventsAfterAsync(0, default);
        _fate.Answer();
        Assert.False(changed.IsCompleted);
        var asked = _fate.Next();
        Admit(1);
        await asked;
        _fate.Answer();
        await changed;
    }

    [Fact]
    public async Task EngageAsync_AcknowledgedBeforeItsCommit_IsAnsweredByAStopThatIsNotThere()
    {
        _store.Planted = LedgerBug.AckBeforeCommit;
        var answer = await _ledger.EngageAsync(StopId.Parse("s1"), Request("alice"), default);
        Assert.IsType<EngageAnswer.Engaged>(answer);
        Assert.Empty(_store.Stops);
        _fate.Answer();
        Assert.Single(_store.Stops);
    }

    [Theory]
    [InlineData(LedgerBug.None, true)]
    [InlineData(LedgerBug.EngageAtTail, false)]
    public async Task EngageAsync_IsUrgent_UnlessItWaitsAtTheTail(LedgerBug planted, bool urgent)
    {
        _store.Planted = planted;
        var engaged = _ledger.EngageAsync(StopId.Parse("s1"), Request("alice"), default);
        _fate.Answer();
        Assert.IsType<EngageAnswer.Engaged>(await engaged);
        Assert.Equal([("engage", urgent)], _fate.Asked);
    }

    [Fact]
    public async Task AdmitAsync_ByASnapshotOlderThanTheLock_PassesAClosedGate()
    {
        _store.Planted = LedgerBug.SnapshotOlderThanLock;
        var admitted = _ledger.AdmitAsync(Order("o1"), default);
        _ = _store.Commit(() => _store.Engage(StopId.Parse("s1"), Request("alice"), Press));
        _fate.Answer();
        Assert.IsType<AdmitAnswer.Admitted>(await admitted);
    }

    private static EmergencyStopRequest Request(string user) =>
        new(StopTarget.Of(UserId.Parse(user)), new(), EmergencyStopReason.UserInitiated, "test", Officer, Press);

    private static NewOrder Order(string id) =>
        new(OrderId.Parse(id), new(UserId.Parse("alice"), StrategyId.Parse("m1"), Symbol.Parse("ACME"), OrderSide.Buy, 1, OrderType.Market), Account, Press);

    private static ImmutableArray<OrderEvidence> Evidence(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new OrderEvidence(OrderId.Parse($"o{i}"), OrderState.Open, Press))];

    private static string[] Ids(Task<ImmutableArray<Order>> recorded)
    {
        Assert.True(recorded.IsCompletedSuccessfully);
        return [.. recorded.GetAwaiter().GetResult().Select(o => o.Id.Value)];
    }

    private void Admit(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var order = Order($"o{i}");
            Assert.IsType<AdmitAnswer.Admitted>(_store.Commit(() => _store.Admit(order, _store.View)).Answer);
        }
    }

    /// <summary>Answers what waits, and says how much waits after it.</summary>
    private int Step()
    {
        _fate.Answer();
        return _fate.Waiting;
    }

    /// <summary>Holds every call until the test lets it go on.</summary>
    private sealed class HeldFate : ILedgerFate
    {
        private readonly List<(LedgerCall Call, Action CarryOut)> _held = [];
        private TaskCompletionSource? _next;

        public List<(string What, bool Urgent)> Asked { get; } = [];

        public int Waiting => _held.Count;

        /// <summary>Done once the next call has come.</summary>
        public Task Next() => (_next = new()).Task;

        public void Read(LedgerCall call) => Hold(call);

        public void Commit(LedgerCall call)
        {
            Asked.Add((call.What, call.Urgent));
            Hold(call);
        }

        public void CarryOut(int which = 0) => _held[which].CarryOut();

        public void Answer(int which = 0)
        {
            var held = _held[which];
            _held.RemoveAt(which);
            held.CarryOut();
            InAStep(held.Call.Answer);
        }

        public void Fail()
        {
            var held = _held[0];
            _held.RemoveAt(0);
            InAStep(() => held.Call.Refuse(new("The model is down.")));
        }

        /// <summary>As a step of a history runs, which has no context to go back to.</summary>
        private static void InAStep(Action step)
        {
            var context = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            step();
            SynchronizationContext.SetSynchronizationContext(context);
        }

        private void Hold(LedgerCall call)
        {
            var isCarriedOut = false;
            _held.Add((call, () =>
            {
                if (!isCarriedOut)
                {
                    isCarriedOut = true;
                    call.CarryOut();
                }
            }));
            _next?.TrySetResult();
        }
    }
}
