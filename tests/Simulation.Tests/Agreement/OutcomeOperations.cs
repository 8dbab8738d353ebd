using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>What becomes of what stops owe.</summary>
internal static class OutcomeOperations
{
    private static readonly (OrderState State, OutcomeKind Outcome)[] Ends =
    [
        (OrderState.Cancelled, OutcomeKind.Cancelled), (OrderState.NeverSent, OutcomeKind.NeverSent), (OrderState.Filled, OutcomeKind.Filled),
        (OrderState.Ended, OutcomeKind.Ended), (OrderState.Rejected, OutcomeKind.Rejected), (OrderState.Unknown, OutcomeKind.Unknown),
        (OrderState.Open, OutcomeKind.Failed), (OrderState.Replaced, OutcomeKind.Ended), (OrderState.Cancelled, OutcomeKind.Unknown),
    ];

    /// <summary>Some orders that a stop owes, or others, each with evidence, an outcome or both.</summary>
    public static async ValueTask<Operation> Sweep(Scene scene, Choices c)
    {
        var any = c.OneIn(8);
        var id = await scene.OwingAsync(c, s => s.State != StopState.Completed);
        var stop = await scene.First.FindStopAsync(id, CancellationToken.None);
        ImmutableArray<Order> owed = stop is null || any ? [] : await scene.First.OwedAsync(stop, includeProtective: true, null, CancellationToken.None);
        var (evidence, outcomes) = (new List<OrderEvidence>(), new List<ItemOutcome>());
        for (var left = 1 + c.Of(3); left > 0; left--)
        {
            var order = owed.IsEmpty ? await scene.OrderAsync(c, o => stop?.Covers(o.Terms) == true) : owed[c.Of(owed.Length)];
            if (order is not null)
            {
                Add(scene, c, order, evidence, outcomes);
            }
        }

        if (c.OneIn(4))
        {
            outcomes.Add(Outcome(scene, c, await scene.OrderAsync(c, o => o.State.IsActive())));
        }

        return Sweep(id, [.. evidence], [.. outcomes], "Sweep");
    }

    /// <summary>Everything that a stop owes is met.</summary>
    public static async ValueTask<Operation> Settle(Scene scene, Choices c)
    {
        var id = await scene.OwingAsync(c, s => s.State != StopState.Completed && s.Release is null);
        if (await scene.First.FindStopAsync(id, CancellationToken.None) is not { } stop)
        {
            return Sweep(id, [], [], "Settle");
        }

        var (state, outcome) = Ends[c.Of(2)];
        var inferred = state == OrderState.NeverSent;
        var evidence = new List<OrderEvidence>();
        foreach (var order in await scene.First.OwedAsync(stop, includeProtective: true, null, CancellationToken.None))
        {
            evidence.Add(new(order.Id, state, scene.Now, Reason: inferred ? $"{OrderEvidence.Inferred}not found" : "swept"));
        }

        var paid = evidence.Select(e => new ItemOutcome(ObligationKind.Order, e.Order.Value, outcome, scene.Now, TimeSpan.FromTicks(70_007), 0, Inferred: inferred));
        var unmet = (await scene.First.OutcomesAsync(id, CancellationToken.None))
            .Where(o => !o.Outcome.IsMet() && evidence.TrueForAll(e => o.Kind != ObligationKind.Order || e.Order.Value != o.Item))
            .Select(o => o with { Outcome = Met(o.Kind), At = scene.Now, Attempts = o.Attempts + 1, Phase = null, Reason = null });
        return Sweep(id, [.. evidence], [.. paid, .. unmet], "Settle");
    }

    /// <summary>Outcomes of every kind, without evidence.</summary>
    public static async ValueTask<Operation> Record(Scene scene, Choices c)
    {
        var id = await scene.StopIdAsync(c, s => s.HoldsLatch);
        var outcomes = ImmutableArray.CreateBuilder<ItemOutcome>();
        for (var left = c.From(1, 2, 3, 0); left > 0; left--)
        {
            outcomes.Add(Outcome(scene, c, await scene.OrderAsync(c, _ => true)));
        }

        return Record(id, outcomes.ToImmutable(), "RecordOutcomes");
    }

    /// <summary>A mass cancel is asked for, or answered.</summary>
    public static async ValueTask<Operation> MassCancel(Scene scene, Choices c)
    {
        var id = await scene.StopIdAsync(c, s => s.HoldsLatch);
        var outcome = c.From(OutcomeKind.Unknown, OutcomeKind.Unknown, OutcomeKind.Failed, OutcomeKind.Ended);
        return Record(id, [new(ObligationKind.MassCancel, Scene.Accounts[c.Of(3)].Value, outcome, At(scene, c), TimeSpan.Zero, Phase: "acknowledge")], "MassCancel");
    }

    private static void Add(Scene scene, Choices c, Order order, List<OrderEvidence> evidence, List<ItemOutcome> outcomes)
    {
        var (state, outcome) = Ends[c.Of(Ends.Length)];
        var inferred = outcome == OutcomeKind.NeverSent && c.OneIn(2);
        var filled = state == OrderState.Filled ? order.Terms.Quantity : state == OrderState.NeverSent ? 0 : c.From(0, 0.50m);
        var which = c.Of(8);
        if (which != 6)
        {
            evidence.Add(new(
                order.Id, state, scene.Now, filled, filled > 0 ? 100m : null, state == OrderState.NeverSent || c.OneIn(3) ? null : $"v-{order.Id}",
                Reason: inferred ? $"{OrderEvidence.Inferred}not found" : null));
        }

        if (which != 7)
        {
            outcomes.Add(new(
                ObligationKind.Order, order.Id.Value, outcome, scene.Now, TimeSpan.FromTicks(31_007), filled,
                outcome is OutcomeKind.Unknown or OutcomeKind.Failed ? "confirm" : null, c.From(null, "swept"), 1 + c.Of(2), c.OneIn(3) ? scene.Now + TimeSpan.FromSeconds(1) : null, inferred));
        }
    }

    private static ItemOutcome Outcome(Scene scene, Choices c, Order? order)
    {
        var kind = c.From(ObligationKind.Order, ObligationKind.Strategy, ObligationKind.Position, ObligationKind.MassCancel, ObligationKind.Verification);
        var account = Scene.Accounts[c.Of(3)].Value;
        var outcome = c.From(Met(kind), OutcomeKind.Unknown, OutcomeKind.Failed);
        outcome = kind == ObligationKind.Order && outcome == OutcomeKind.Cancelled ? Ends[c.Of(5)].Outcome : outcome;
        var item = kind switch
        {
            ObligationKind.Order => order?.Id.Value ?? "no-such-order",
            ObligationKind.Strategy => Scene.Strategy(c).Value,
            ObligationKind.Position => $"{account}/{c.From(Scene.AnySymbol(c).Value, "*")}",
            _ => c.OneIn(6) ? "nobodys" : account,
        };
        return new(
            kind, item, outcome, At(scene, c), TimeSpan.FromTicks(90_001), kind == ObligationKind.Position ? 1.50m : null,
            outcome.IsMet() ? null : "confirm", c.From(null, "so it is"), 1 + c.Of(3), outcome.IsMet() || c.OneIn(2) ? null : scene.Now + TimeSpan.FromSeconds(2),
            outcome == OutcomeKind.NeverSent && c.OneIn(2));
    }

    private static OutcomeKind Met(ObligationKind kind) => kind switch
    {
        ObligationKind.Order => OutcomeKind.Cancelled,
        ObligationKind.Strategy => OutcomeKind.Paused,
        ObligationKind.Position => OutcomeKind.Closed,
        _ => OutcomeKind.Ended,
    };

    /// <summary>Mostly now; some readings are late.</summary>
    private static DateTimeOffset At(Scene scene, Choices c) => scene.Now - c.From(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromTicks(40_000_003), TimeSpan.FromSeconds(30));

    private static string[] Kinds(ImmutableArray<ItemOutcome> outcomes) => [.. outcomes.Select(o => $"an outcome, {o.Kind} {o.Outcome}")];

    private static Operation Sweep(StopId id, ImmutableArray<OrderEvidence> evidence, ImmutableArray<ItemOutcome> outcomes, string name) => Operation.Of(
        nameof(ILedger.RecordSweepAsync), l => l.RecordSweepAsync(id, evidence, outcomes, CancellationToken.None), id, evidence, outcomes) with
        {
            Name = name,
            Met = Kinds(outcomes),
        };

    private static Operation Record(StopId id, ImmutableArray<ItemOutcome> outcomes, string name) => Operation.Of(
        nameof(ILedger.RecordOutcomesAsync), l => l.RecordOutcomesAsync(id, outcomes, CancellationToken.None), id, outcomes) with
        {
            Name = name,
            Met = Kinds(outcomes),
        };
}
