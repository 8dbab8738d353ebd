using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>Lists that are longer than one commit, which random sequences do not reach: both ledgers cut them at the same places.</summary>
public sealed class LongListTests
{
    private const int Long = 300;

    [Fact]
    public Task Ledgers_WithLongLists_CutThemAlike() => TwoLedgers.CheckAsync(RunAsync, SqliteSide.OpenAsync, time => ModelSide.OpenAsync(time, LedgerBug.None), new());

    private static async Task RunAsync(TwoLedgers ledgers)
    {
        var at = ledgers.Scene.Now;
        var ids = Enumerable.Range(0, Long).Select(i => OrderId.Parse($"o{i}")).ToImmutableArray();
        var strategies = Enumerable.Range(0, Long).Select(i => StrategyId.Parse($"s{i}")).ToImmutableArray();
        for (var i = 0; i < Long; i++)
        {
            var terms = new OrderTerms(Scene.Users[i % 3], strategies[i], Scene.Symbols[0], OrderSide.Buy, 1, OrderType.Market);
            var order = new NewOrder(ids[i], terms, Scene.Accounts[0], at);
            await ledgers.DoAsync(Operation.Of(nameof(ILedger.AdmitAsync), async l => await l.AdmitAsync(order, default), order.Id));
        }

        ImmutableArray<OrderEvidence> Evidence(OrderState state) => [.. ids.Select(o => new OrderEvidence(o, state, at, VenueOrderId: $"v-{o}"))];
        await ledgers.DoAsync(Operation.Of(nameof(ILedger.RecordAsync), l => l.RecordAsync(Evidence(OrderState.Open), default)));
        await StopAsync(ledgers, strategies, Evidence(OrderState.Cancelled));
        await ledgers.LookAsync();
        foreach (var most in new[] { 450, 450, 400, 0, 0, 0, 0, 0, 0 })
        {
            await ledgers.DoAsync(Operation.Of(nameof(ILedger.PruneOrderEventsAsync), l => l.PruneOrderEventsAsync(at, most, default), most));
        }

        await ledgers.LookAsync();
    }

    private static async Task StopAsync(TwoLedgers ledgers, ImmutableArray<StrategyId> strategies, ImmutableArray<OrderEvidence> evidence)
    {
        var (id, at) = (StopId.Parse("t"), ledgers.Scene.Now);
        var request = new EmergencyStopRequest(StopTarget.System, new(), EmergencyStopReason.UserInitiated, "all of it", Scene.Officer, at);
        ImmutableArray<ItemOutcome> outcomes = [.. evidence.Select(e => new ItemOutcome(ObligationKind.Order, e.Order.Value, OutcomeKind.Cancelled, at, TimeSpan.Zero))];
        await ledgers.DoAsync(Operation.Of(nameof(ILedger.EngageAsync), async l => await l.EngageAsync(id, request, default)));
        var stop = await ledgers.Scene.First.FindStopAsync(id, default);
        await ledgers.DoAsync(Operation.Of(nameof(ILedger.PauseAsync), l => l.PauseAsync(stop!, strategies, at, default))); // It was engaged above.
        await ledgers.DoAsync(Operation.Of(nameof(ILedger.RecordSweepAsync), l => l.RecordSweepAsync(id, evidence, outcomes, default)));
        await ledgers.DoAsync(Operation.Of(nameof(ILedger.ProgressAsync), l => l.ProgressAsync(id, StopState.Completed, new(), [], at, default)));
        await ledgers.DoAsync(Operation.Of(nameof(ILedger.ReleaseAsync), l => l.ReleaseAsync(new ReleaseRequest(id, Scene.Officer, "over", ResumeStrategies: true, at), default)));
    }
}
