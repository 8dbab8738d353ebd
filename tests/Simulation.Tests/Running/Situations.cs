using System.Collections.Immutable;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>The situations that many histories together must have met, by name.</summary>
public static class Situations
{
    public const string InFlightAtEngage = "an order is admitted and not yet at the venue when a stop is engaged";
    public const string Twin = "a grain lives twice";
    public const string Collected = "an activation is collected";
    public const string LedgerDownAtEngage = "the ledger is down when a stop is pressed";
    public const string AnswerLostAtEngage = "a stop is in the ledger, and its caller hears that it is not";
    public const string StallAtEngage = "the commit of an engage stalls";
    public const string MarketClosed = "the market closes while a stop is not completed";
    public const string ClockJumps = "a wall clock is set while a stop is not completed";
    public const string Replayed = "a stop is recorded from the spool";
    public const string Overlap = "a stop is engaged while another of overlapping scope works";
    public const string LateWrite = "an order that was inferred never sent turns up and reopens its stop";
    public const string Adopted = "an order placed past the service is adopted";
    public const string FrozenDuringStop = "a process is frozen while a stop is not completed";
    public const string CutDuringStop = "a process is cut from the ledger while a stop is not completed";
    public const string ClosingAttempts = "a position takes a second closing order";

    /// <summary>Faults that cannot strike: the reader that tells strategies does not run in a simulated process, since a notice changes nothing that a law speaks of; and what a theme alone asks for.</summary>
    private static readonly VenueFault[] Apart = [VenueFault.StrategyDeaf, VenueFault.StrategySlow, VenueFault.MassCancelLate];

    private static readonly (ObligationKind Kind, OutcomeKind[] Can)[] Outcomes =
    [
        (ObligationKind.Order, [OutcomeKind.Cancelled, OutcomeKind.NeverSent, OutcomeKind.Filled, OutcomeKind.Ended, OutcomeKind.Rejected, OutcomeKind.Unknown, OutcomeKind.Failed, OutcomeKind.Waived]),
        (ObligationKind.Strategy, [OutcomeKind.Paused]), // A pause is the ledger's own number: it cannot fail.
        (ObligationKind.Position, [OutcomeKind.Closed, OutcomeKind.Ended, OutcomeKind.Unknown, OutcomeKind.Failed, OutcomeKind.Waived]),
        (ObligationKind.MassCancel, [OutcomeKind.Unknown, OutcomeKind.Ended, OutcomeKind.Waived]),
        (ObligationKind.Verification, [OutcomeKind.Unknown, OutcomeKind.Ended, OutcomeKind.Waived]),
    ];

    private static readonly string[] Answers =
    [
        "Place: Admitted", "Place: Admitted again", "Place: GateClosed", "Place: StrategyPaused", "Place: Unrecorded", "Place: Unavailable", "Place: TimeoutException",
        "Cancel: CancelAnswer", "Replace: Admitted", "Replace: NotReplaceable", "Replace: GateClosed",
        "Press: Working", "Press: Completed", "Press: Outstanding", "Press: repeated", "Press: unrecorded",
        "Release: Released", "Release: AlreadyReleased", "Release: Outstanding", "Release: Working", "Release: Narrowed", "Release: CannotNarrow", "Release: HoldsNothing",
        "Except: Done", "Except: HoldsNothing", "PutBack: Done", "PutBack: NotCarvedOut",
        "Escalate: Escalated", "Waive: Waived", "Waive: AlreadyMet",
        "PassGate: Admitted", "PassGate: NotHeld", "Resume: Resumed", "Resume: NotPaused", "Resume: GateClosed",
    ];

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        InFlightAtEngage, Twin, Collected, LedgerDownAtEngage, AnswerLostAtEngage, StallAtEngage, MarketClosed, ClockJumps, Replayed, Overlap,
        LateWrite, Adopted, FrozenDuringStop, CutDuringStop, ClosingAttempts,
        .. StopSteps.All.Select(Killed),
        .. Outcomes.SelectMany(o => o.Can.Select(k => Outcome(o.Kind, k))),
        .. Answers.Select(a => "answer to " + a),
        .. from fault in Enum.GetValues<VenueFault>() where !Apart.Contains(fault) from step in StopSteps.All select Struck(fault, step),
    ];

    /// <summary>A process is killed.</summary>
    public static string Killed(StopStep step) => $"a process is killed while a stop is {step}";

    /// <summary>Something owed has come to something.</summary>
    public static string Outcome(ObligationKind kind, OutcomeKind outcome) => $"{kind} {outcome}";

    /// <summary>A fault of the venue strikes.</summary>
    public static string Struck(VenueFault fault, StopStep step) => $"venue: {fault} while a stop is {step}";

    /// <summary>Somebody hears something.</summary>
    public static string Answered(Heard heard)
    {
        var act = heard.Act is Act.Except { PutBack: true } ? "PutBack" : heard.Act.GetType().Name;
        var answer = heard.Answer switch
        {
            StopAnswer.Engaged { Result.Recorded: false } => "unrecorded",
            StopAnswer.Engaged { Repeated: true } => "repeated",
            StopAnswer.Engaged engaged => engaged.Result.State.ToString(),
            Orders.PlaceAnswer.Admitted { Repeated: true } => "Admitted again",
            { } other => other.GetType().Name,
            null => "nothing",
        };
        return $"answer to {act}: {answer}";
    }
}
