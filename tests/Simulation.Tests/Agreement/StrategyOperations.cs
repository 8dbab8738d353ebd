using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>Strategies: registered, paused, resumed and told of it.</summary>
internal static class StrategyOperations
{
    public static ValueTask<Operation> Register(Scene scene, Choices c)
    {
        var (strategy, user, change) = (Scene.Strategy(c), Scene.User(c), c.OneIn(3));
        var (name, url) = (c.From(null, "mean reversion"), c.From(null, "https://strategies.example/callback"));
        return new(Operation.Of(
            nameof(ILedger.RegisterAsync), l => l.RegisterAsync(strategy, user, name, url, change, scene.Now, CancellationToken.None), strategy, user, name, url, change, scene.Now));
    }

    /// <summary>The strategies in a stop's target, or others, perhaps one twice.</summary>
    public static async ValueTask<Operation> Pause(Scene scene, Choices c)
    {
        var others = c.OneIn(4);
        var (anew, open) = (!c.OneIn(4), c.OneIn(3));
        if (await scene.StopAsync(c, s => s.HoldsLatch != open && s.Options.PauseStrategies && !(anew && scene.First.Gate.Pauses.Any(p => p.Stop == s.Id))) is not { } stop)
        {
            return await Register(scene, c);
        }

        ImmutableArray<StrategyId> strategies = others
            ? [.. Enumerable.Range(0, c.Of(4)).Select(_ => Scene.Strategy(c))]
            : [.. (await scene.First.StrategiesInAsync(stop.Target, CancellationToken.None)).Select(s => s.Id)];
        var started = scene.Now - c.From(TimeSpan.Zero, TimeSpan.FromTicks(10_000_003), TimeSpan.FromSeconds(-1));
        return Operation.Of(
            nameof(ILedger.PauseAsync), l => l.PauseAsync(stop, strategies, started, CancellationToken.None), stop.Id, strategies, started);
    }

    public static async ValueTask<Operation> Resume(Scene scene, Choices c)
    {
        var (any, unknown, partly) = (c.OneIn(4), c.OneIn(12), c.OneIn(3));
        var known = (await scene.First.StrategiesAsync(null, null, 100, CancellationToken.None)).Items;
        var open = known.Where(s => s.IsPaused && (any || s.Pauses.Any(p => scene.First.Gate.On(p.Target).IsEmpty))).ToArray();
        if (open.Length == 0 && !any)
        {
            return await Pause(scene, c);
        }

        open = partly && open.Any(s => s.Pauses.Length > 1) ? [.. open.Where(s => s.Pauses.Length > 1)] : open;
        var strategy = unknown || known.IsEmpty ? StrategyId.Parse("no-such-strategy") : open.Length > 0 ? open[c.Of(open.Length)].Id : known[c.Of(known.Length)].Id;
        var by = c.From(Scene.Officer, Scene.Officer, Scene.Officer, Scene.Officer, Scene.Alice, Scene.Bob, Scene.Viewer);
        return Operation.Of(nameof(ILedger.ResumeAsync), l => l.ResumeAsync(strategy, by, "looked at", scene.Now, CancellationToken.None), strategy, by, scene.Now);
    }

    public static ValueTask<Operation> Rotate(Scene scene, Choices c)
    {
        var strategy = Scene.Strategy(c);
        return new(Operation.Of(nameof(ILedger.RotateSecretAsync), l => l.RotateSecretAsync(strategy, "alice", scene.Now, CancellationToken.None), strategy));
    }

    public static async ValueTask<Operation> Notice(Scene scene, Choices c)
    {
        var stop = await scene.StopAsync(c, _ => true);
        var notice = new StrategyNotice(
            $"n-{c.Of(2)}", c.From(NoticeKind.Paused, NoticeKind.Resumed), Scene.Strategies[c.Of(2)], stop?.Id ?? StopId.Parse("no-such-stop"),
            stop?.Target ?? StopTarget.System, EmergencyStopReason.UserInitiated, scene.Now - TimeSpan.FromTicks(1_007));
        var outcome = new NoticeOutcome(notice, c.From(NoticeState.Pending, NoticeState.Told, NoticeState.NotTold), scene.Now, c.Of(3), c.From(null, "no answer"));
        return Operation.Of(nameof(ILedger.RecordNoticeAsync), l => l.RecordNoticeAsync(outcome, CancellationToken.None), outcome);
    }
}
