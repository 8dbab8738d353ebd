using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>The degrees of a release.</summary>
internal static class ReleaseOperations
{
    private static readonly ImmutableDictionary<AccountId, UserId>[] Maps = [Map(3), Map(3), Map(0), Map(2), Map(0)];

    public static async ValueTask<Operation> Release(Scene scene, Choices c)
    {
        var request = await RequestAsync(scene, c, c.OneIn(4));
        return Operation.Of(nameof(ILedger.ReleaseAsync), l => l.ReleaseAsync(request, CancellationToken.None), request);
    }

    public static async ValueTask<Operation> Narrow(Scene scene, Choices c)
    {
        var request = await RequestAsync(scene, c, c.Of(4) != 3) with { DespiteOutstanding = true };
        var users = Maps[c.Of(Maps.Length)];
        return Operation.Of(nameof(ILedger.NarrowAsync), l => l.NarrowAsync(request, users, CancellationToken.None), request, users.Count);
    }

    /// <summary>Whether a stop could be narrowed.</summary>
    public static bool IsWideAndOwes(Stop stop) =>
        stop is { HoldsLatch: true, State: StopState.Outstanding, Target.Scope: EmergencyStopScope.System or EmergencyStopScope.Symbol };

    /// <summary>The flow of a stop of many books goes through, and something is left.</summary>
    public static async ValueTask<Operation> LeaveOutstanding(Scene scene, Choices c)
    {
        var id = await scene.OwingAsync(c, s => s is { HoldsLatch: true, Target.Scope: EmergencyStopScope.System or EmergencyStopScope.Symbol });
        return StopOperations.Progress(scene, id, StopState.Outstanding, new(), []) with { Name = "LeaveOutstanding" };
    }

    public static async ValueTask<Operation> Except(Scene scene, Choices c)
    {
        var (outside, repeated, narrowed) = (c.OneIn(5), c.OneIn(5), c.OneIn(3));
        var id = await scene.StopIdAsync(c, s => s.HoldsLatch && (narrowed ? s.Narrowed is not null : s.Narrowed is null && s.State != StopState.Working));
        var stop = await scene.First.FindStopAsync(id, CancellationToken.None);
        var part = repeated && stop is { CarveOuts: [var carved, ..] } ? carved.Target : Part(c, outside ? null : stop);
        var request = new ExceptRequest(id, part, Scene.Officer, "let it trade", scene.Now);
        var users = Maps[c.Of(Maps.Length)];
        return Operation.Of(nameof(ILedger.ExceptAsync), l => l.ExceptAsync(request, users, CancellationToken.None), request, users.Count);
    }

    public static async ValueTask<Operation> PutBack(Scene scene, Choices c)
    {
        var (wrong, former, narrowed) = (c.OneIn(6), c.OneIn(2), c.OneIn(3));
        var id = await scene.StopIdAsync(c, s => s.HoldsLatch && (narrowed ? s.Narrowed is not null : s.CarveOuts.Any(o => former != o.IsInForce)));
        var stop = await scene.First.FindStopAsync(id, CancellationToken.None);
        var carved = stop?.CarveOuts.Where(o => former != o.IsInForce).ToArray() ?? [];
        var part = wrong || carved.Length == 0 ? Part(c, stop) : carved[c.Of(carved.Length)].Target;
        var request = new ExceptRequest(id, part, Scene.Officer, "", scene.Now);
        return Operation.Of(nameof(ILedger.PutBackAsync), l => l.PutBackAsync(request, CancellationToken.None), request);
    }

    public static async ValueTask<Operation> Escalate(Scene scene, Choices c)
    {
        var id = await scene.StopIdAsync(c, s => s is { HoldsLatch: true, Options.ClosePositions: false });
        var request = new EscalateRequest(id, Scene.Officer, "flat", scene.Now);
        return Operation.Of(nameof(ILedger.EscalateAsync), l => l.EscalateAsync(request, CancellationToken.None), request);
    }

    /// <summary>A debt that is there, one that is met, or none.</summary>
    public static async ValueTask<Operation> Waive(Scene scene, Choices c)
    {
        var which = c.Of(8);
        var id = await scene.StopIdAsync(c, s => s.State == StopState.Outstanding);
        var debts = (await scene.First.ObligationsAsync(new(id, null, null), null, scene.Now, CancellationToken.None)).Items;
        var outcomes = await scene.First.OutcomesAsync(id, CancellationToken.None);
        var order = await scene.OrderAsync(c, _ => true);
        var (kind, item) = which switch
        {
            < 5 when debts.Length > 0 && debts[c.Of(debts.Length)].Item is var debt => (debt.Kind, debt.Item),
            5 when outcomes.Length > 0 && outcomes[c.Of(outcomes.Length)] is var outcome => (outcome.Kind, outcome.Item),
            6 => (c.From(ObligationKind.Position, ObligationKind.Strategy), "acc-alice/BTC-USD"),
            _ => (ObligationKind.Order, order?.Id.Value ?? "not an/id"),
        };
        var request = new WaiveRequest(id, kind, item, Scene.Officer, "by word of the desk", scene.Now);
        return Operation.Of(nameof(ILedger.WaiveAsync), l => l.WaiveAsync(request, CancellationToken.None), request);
    }

    private static async ValueTask<ReleaseRequest> RequestAsync(Scene scene, Choices c, bool outstanding)
    {
        var (wide, paused) = (!c.OneIn(4), c.OneIn(2));
        var id = await scene.StopIdAsync(c, s => s.HoldsLatch && (outstanding
            ? wide ? IsWideAndOwes(s) : s.State == StopState.Outstanding
            : s.State == StopState.Completed && (!paused || scene.First.Gate.Pauses.Any(p => p.Stop == s.Id))));
        return new(id, c.From(Scene.Officer, Scene.Alice), "over", c.OneIn(3), scene.Now);
    }

    private static StopTarget Part(Choices c, Stop? stop)
    {
        StopTarget[] parts = [.. Scene.Targets.Where(t => stop is null || CarveOut.WhyNot(stop.Target, t) is null)];
        return parts.Length == 0 ? StopTarget.System : parts[c.Of(parts.Length)];
    }

    private static ImmutableDictionary<AccountId, UserId> Map(int known) =>
        Enumerable.Range(0, known).ToImmutableDictionary(i => Scene.Accounts[i], i => Scene.Users[i]);
}
