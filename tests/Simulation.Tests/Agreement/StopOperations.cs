using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Releasing;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>Stops: engaged, replayed, and what their flow comes to.</summary>
internal static class StopOperations
{
    private static readonly StopOptions[] Options =
    [
        new(), new(), StopOptions.Panic, new(ClosePositions: true, KeepProtective: true), new(KeepProtective: true), new(PauseStrategies: false, ClosePositions: true),
        new(PauseStrategies: false), new(CancelOrders: false), new(CancelOrders: false, PauseStrategies: false),
        new(PauseStrategies: false, CancelOnly: true),
    ];

    public static ValueTask<Operation> Engage(Scene scene, Choices c) => new(Engage(Id(scene, c), Request(scene, c)));

    /// <summary>The request of a stop once more: as it was, or under its key with another body, or with another key.</summary>
    public static async ValueTask<Operation> EngageAgain(Scene scene, Choices c)
    {
        var (id, keyed) = (Id(scene, c), !c.OneIn(3));
        var stop = await scene.StopAsync(c, s => s.Release is null && (s.Request.IdempotencyKey is not null) == keyed);
        return Engage(id, stop is null ? Request(scene, c) : Again(scene, c, stop.Request));
    }

    /// <summary>A stop that was spooled, which the ledger may hold under its id, under its key, or not.</summary>
    public static async ValueTask<Operation> Replay(Scene scene, Choices c)
    {
        var (same, again, known) = (c.OneIn(4), !c.OneIn(3), c.OneIn(3));
        var stop = await scene.StopAsync(c, s => same ? s.Release is not null : !again || s.Request.IdempotencyKey is not null);
        var id = same && stop is not null ? stop.Id : StopId.Parse(scene.Fresh("t"));
        var request = stop is not null && (again || known) ? Again(scene, c, stop.Request) : Request(scene, c);
        var note = c.From(null, "flattening waits for a person");
        return Operation.Of(
            nameof(ILedger.ReplayAsync), l => l.ReplayAsync(new SpooledStop(id, request), note, CancellationToken.None), id, request, note) with
        {
            Kind = answer => KindOf(id, request, answer),
        };
    }

    public static async ValueTask<Operation> Progress(Scene scene, Choices c)
    {
        var id = await scene.StopIdAsync(c, s => s.State != StopState.Completed);
        var state = c.From(StopState.Completed, StopState.Completed, StopState.Outstanding, StopState.Working);
        return Progress(scene, id, state, Clocks(c), Unprotected(c));
    }

    /// <summary>A stop that nothing is owed for any more comes to its end.</summary>
    public static async ValueTask<Operation> Finish(Scene scene, Choices c)
    {
        var id = await scene.StopIdAsync(c, s => s.State != StopState.Completed);
        foreach (var known in scene.Stops)
        {
            var stop = await scene.First.FindStopAsync(known, CancellationToken.None);
            if (stop is { HoldsLatch: true, State: not StopState.Completed }
                && (await scene.First.ObligationsAsync(new(known, null, null), null, scene.Now, CancellationToken.None)).Items.IsEmpty)
            {
                id = known;
            }
        }

        return Progress(scene, id, StopState.Completed, new(), []) with { Name = "Finish" };
    }

    /// <summary>A pass ends; the stop may have been set to work anew since it was read.</summary>
    public static async ValueTask<Operation> EndPass(Scene scene, Choices c)
    {
        var (old, again) = (c.OneIn(3), c.OneIn(3));
        if (await scene.StopAsync(c, s => again ? s.Again is not null : s.State != StopState.Completed) is not { } stop)
        {
            return await Progress(scene, c);
        }

        var read = old ? scene.AsFirstRead(stop) : stop;
        var end = new PassEnd(
            c.From(StopState.Completed, StopState.Outstanding, StopState.Working), Clocks(c), Unprotected(c), scene.Now,
            c.From<DateTimeOffset?>(null, scene.Now + TimeSpan.FromTicks(20_000_003)));
        return Operation.Of(nameof(ILedger.EndPassAsync), l => l.EndPassAsync(read, end, CancellationToken.None), read.Id, read.Again, end);
    }

    /// <summary>A request to stop anything, by anybody, with parts of it excepted now and then.</summary>
    private static EmergencyStopRequest Request(Scene scene, Choices c)
    {
        var target = c.From(
            StopTarget.Of(Scene.User(c)), StopTarget.Of(Scene.Strategy(c)), StopTarget.Of(Scene.AnySymbol(c)),
            StopTarget.Of(Scene.User(c), Scene.AnySymbol(c)), StopTarget.System);
        var key = c.OneIn(4) ? $"k-{c.Of(3)}" : null;
        return new(
            target, Options[c.Of(Options.Length)], c.From(EmergencyStopReason.UserInitiated, EmergencyStopReason.RiskViolation), c.From("because", ""),
            Scene.Person(c), RequestedAt(scene, c), key, key is null ? null : $"h-{c.Of(2)}")
        {
            Except = c.OneIn(4) ? Parts(c, target) : [],
        };
    }

    private static EmergencyStopRequest Again(Scene scene, Choices c, EmergencyStopRequest request)
    {
        request = request with { RequestedAt = RequestedAt(scene, c), Reason = c.From(request.Reason, "once more") };
        return c.Of(8) switch
        {
            4 or 5 or 6 when request.IdempotencyKey is not null => request with { BodyHash = "h-other", Target = StopTarget.Of(Scene.AnySymbol(c)) },
            7 => request with { RequestedBy = Scene.Bob },
            3 => request with { Except = request.Except.IsEmpty ? Parts(c, request.Target) : [] },
            _ => request,
        };
    }

    /// <summary>Parts of a target, in no order, and perhaps one twice.</summary>
    private static ImmutableArray<StopTarget> Parts(Choices c, StopTarget whole)
    {
        StopTarget[] parts = [.. Scene.Targets.Where(t => CarveOut.WhyNot(whole, t) is null)];
        return [.. Enumerable.Range(0, parts.Length == 0 ? 0 : 1 + c.Of(3)).Select(_ => parts[c.Of(parts.Length)])];
    }

    /// <summary>Mostly now, sometimes a while ago, sometimes later than this process's clock.</summary>
    private static DateTimeOffset RequestedAt(Scene scene, Choices c) =>
        scene.Now + c.From(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromTicks(-15_000_007), TimeSpan.FromSeconds(-30), TimeSpan.FromSeconds(1));

    private static StopId Id(Scene scene, Choices c) =>
        c.OneIn(15) && scene.Stops.Count > 0 ? scene.Stops[c.Of(scene.Stops.Count)] : StopId.Parse(scene.Fresh("t"));

    private static StopClocks Clocks(Choices c)
    {
        TimeSpan? Clock() => c.From(null, (TimeSpan?)TimeSpan.FromTicks(1_234_567), TimeSpan.FromMilliseconds(250));
        return new(Clock(), Clock(), Clock(), Clock(), Clock());
    }

    private static ImmutableArray<string> Unprotected(Choices c) => c.OneIn(3) ? ["acc-alice/BTC-USD"] : [];

    public static Operation Progress(Scene scene, StopId id, StopState state, StopClocks clocks, ImmutableArray<string> unprotected) => Operation.Of(
        nameof(ILedger.ProgressAsync), l => l.ProgressAsync(id, state, clocks, unprotected, scene.Now, CancellationToken.None), id, state, clocks, unprotected, scene.Now);

    private static Operation Engage(StopId id, EmergencyStopRequest request) =>
        Operation.Of(nameof(ILedger.EngageAsync), async l => await l.EngageAsync(id, request, CancellationToken.None), id, request) with
        {
            Met = [$"a stop of {request.Target.Scope}", $"a stop {(request.Except.IsDefaultOrEmpty ? "without" : "with")} parts excepted", $"a stop with {ValueText.Of(request.Options)}"],
            Kind = answer => KindOf(id, request, answer),
        };

    private static string? KindOf(StopId id, EmergencyStopRequest request, object? answer) => answer switch
    {
        EngageAnswer.Repeated { Stop: var stop } when stop.Id == id => "Repeated by its id",
        EngageAnswer.Repeated => request.IdempotencyKey is null ? "Repeated without a key" : "Repeated by its key",
        EngageAnswer.Engaged { Stop.Request.IdempotencyKey: null } when request.IdempotencyKey is not null => "Engaged, the key dropped",
        _ => null,
    };
}
