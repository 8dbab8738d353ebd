using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>A kind of operation.</summary>
/// <param name="Name">Its name in a step.</param>
/// <param name="Weight">How often it is drawn, against the others.</param>
/// <param name="Make">Makes one, given what there is.</param>
internal sealed record OperationKind(string Name, int Weight, Func<Scene, Choices, ValueTask<Operation>> Make);

/// <summary>Every kind of operation.</summary>
internal static class OperationKinds
{
    public static IReadOnlyList<OperationKind> All { get; } =
    [
        new("admit", 24, OrderOperations.Admit),
        new("rest", 12, OrderOperations.Rest),
        new("record", 8, OrderOperations.Record),
        new("replace", 5, OrderOperations.Replace),
        new("pass-gate", 3, OrderOperations.PassGate),
        new("turn-up", 3, OrderOperations.TurnUp),
        new("adopt", 4, VenueOperations.Adopt),
        new("close", 4, VenueOperations.Close),
        new("fill-closing", 3, VenueOperations.FillClosing),
        new("engage", 5, StopOperations.Engage),
        new("engage-again", 3, StopOperations.EngageAgain),
        new("replay", 3, StopOperations.Replay),
        new("progress", 5, StopOperations.Progress),
        new("finish", 5, StopOperations.Finish),
        new("end-pass", 5, StopOperations.EndPass),
        new("sweep", 5, OutcomeOperations.Sweep),
        new("settle", 6, OutcomeOperations.Settle),
        new("outcomes", 4, OutcomeOperations.Record),
        new("mass-cancel", 2, OutcomeOperations.MassCancel),
        new("release", 6, When(s => s is { HoldsLatch: true, State: StopState.Completed }, ReleaseOperations.Release, StopOperations.Finish)),
        new("narrow", 5, When(ReleaseOperations.IsWideAndOwes, ReleaseOperations.Narrow, ReleaseOperations.LeaveOutstanding)),
        new("except", 4, When(s => s is { HoldsLatch: true, Narrowed: null } && s.State != StopState.Working, ReleaseOperations.Except, StopOperations.Finish)),
        new("put-back", 4, When(s => s.HoldsLatch && !s.CarveOuts.IsEmpty, ReleaseOperations.PutBack, ReleaseOperations.Except)),
        new("escalate", 2, ReleaseOperations.Escalate),
        new("waive", 5, ReleaseOperations.Waive),
        new("register", 2, StrategyOperations.Register),
        new("pause", 8, StrategyOperations.Pause),
        new("resume", 5, StrategyOperations.Resume),
        new("rotate", 1, StrategyOperations.Rotate),
        new("notice", 2, StrategyOperations.Notice),
        new("add-key", 3, AccessOperations.AddKey),
        new("revoke-key", 2, AccessOperations.RevokeKey),
        new("remember-answer", 2, AccessOperations.RememberAnswer),
        new("find-answer", 2, AccessOperations.FindAnswer),
        new("append-audit", 1, AccessOperations.AppendAudit),
        new("prune", 1, AccessOperations.Prune),
        new("append-event", 1, EventOperations.Append),
        new("prune-events", 2, EventOperations.Prune),
        new("hold", 5, EventOperations.Hold),
        new("advance", 3, EventOperations.Advance),
        new("set-aside", 2, EventOperations.SetAside),
        new("settle-set-aside", 3, EventOperations.Settle),
        new("look-set-aside", 1, EventOperations.Look),
        new("write-rule", 2, RiskOperations.WriteRule),
        new("save-watch", 2, RiskOperations.SaveWatch),
        new("arm", 2, RiskOperations.Arm),
        new("beat", 1, RiskOperations.Beat),
        new("miss", 2, RiskOperations.Miss),
        new("beat-stopped", 1, RiskOperations.Stopped),
        new("disarm", 1, RiskOperations.Disarm),
        new("reopen", 1, AccessOperations.Reopen),
        new("orders", 1, LookOperations.Orders),
        new("history", 1, LookOperations.History),
        new("obligations", 1, LookOperations.Obligations),
        new("strategies", 1, LookOperations.Strategies),
        new("events", 1, LookOperations.Events),
        new("owed", 1, LookOperations.Owed),
        new("users", 1, LookOperations.Users),
        new("positions", 1, LookOperations.Positions),
        new("inferred", 1, LookOperations.Inferred),
        new("stops-on", 1, LookOperations.StopsOn),
    ];

    /// <summary>An operation that needs a certain stop makes way, mostly, for one that leads there, while there is none.</summary>
    private static Func<Scene, Choices, ValueTask<Operation>> When(
        Func<Stop, bool> fits, Func<Scene, Choices, ValueTask<Operation>> make, Func<Scene, Choices, ValueTask<Operation>> before) =>
        async (scene, c) => c.OneIn(4) || await scene.StopAsync(c, fits) is { } found && fits(found) ? await make(scene, c) : await before(scene, c);
}
