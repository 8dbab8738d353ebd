using System.Collections.Immutable;

namespace EmergencyStop.Simulation.Tests.Planted;

/// <summary>How a kill switch failed somewhere, and what shows that this one does not.</summary>
/// <param name="Number">Its number: tests of it are named after it.</param>
/// <param name="What">What happened.</param>
/// <param name="Plants">The planted bugs that are that failure here; none where the simulator cannot show it.</param>
/// <param name="Elsewhere">Where there is none: why, and a test that shows it, as <c>Project/Class.Method</c>.</param>
public sealed record InTheWild(int Number, string What, ImmutableArray<string> Plants, (string Why, string Test)? Elsewhere = null)
{
    /// <summary>All of them, by number.</summary>
    public static ImmutableArray<InTheWild> All { get; } =
    [
        new(1, "cancel-all skips an order in flight", ["sweep-skips-in-flight", "no-verification"]),
        new(2, "cancel-all hits what is out of scope", ["mass-cancel-wider-than-scope", "sweeps-the-whole-book", "venue: MassCancelOfAllAccounts"]),
        new(3, "a timed-out cancel is booked as done", ["timeout-booked-as-cancelled", "venue: TimeoutIsCancelled"]),
        new(4, "stop orders are left out", ["venue: HidesStopOrders"]),
        new(5, "flat, while a resting order may refill", ["closes-before-cancels-confirmed", "guards-trade-unseen"]),
        new(6, "retries end with the alarm", ["ledger: ReleaseDropsObligations", "released-in-part-forgets-its-debts"]),
        new(7, "the local book is zeroed, positions stand", ["closed-once-sent", "failed-positions-read-as-flat"]),
        new(8, "a failed read is an empty list", ["failed-snapshot-read-as-empty", "failed-positions-read-as-flat", "venue: EmptyOnFailure"]),
        new(9, "it buys again while it flattens", ["closes-before-cancels-confirmed", "ledger: SnapshotOlderThanLock"]),
        new(10, "success, whatever each item came to", ["completes-with-debts", "ledger: DespiteHold"]),
        new(11, "entries stop, positions grow", ["reduce-only-unchecked", "ledger: ReplacementsPassTheGate"]),
        new(12, "the switch logs its trigger and throws", [], ("triggers and what reports them are not in a simulated process", "Grains.Tests/GrainFailureTests.F12_WhoeverPressesAndFails_HasClosedTheGate_AndTheStopGoesOn")),
        new(13, "the order loop does not see the flag", ["ledger: SnapshotOlderThanLock", "brake-does-not-hold"]),
        new(14, "a trigger never sets the flag", [], ("triggers are not in a simulated process", "Silo.Tests/FailureTests.F14_EveryTrigger_EndsInARefusedOrder")),
        new(15, "the stop stops the recording of fills", ["stop-ends-observation", "evidence-dropped-when-ledger-down"]),
        new(16, "what was queued before runs on", ["gate-checked-before-send-only", "twin-sends-after-window"]),
        new(17, "the halt is forgotten at a restart", ["ledger: LatchesLostAtStart", "coordinator-forgets-on-crash", "spool-not-read-at-start", "admits-before-reading"]),
        new(18, "reduce-only looks at the side alone", ["reduce-only-unchecked", "closing-past-zero"]),
        new(19, "no way back, or a trip at once", ["ledger: ReplayLatchesReleased"]),
        new(20, "nobody can say what a reset resets", [], ("it is about words: the answer of a release names what is open", "Grains.Tests/ReleaseFailureTests.F20_ARelease_SaysWhatIsOpenAfterIt")),
        new(21, "one bad tick flattens a book", ["late-replay-flattens"]),
        new(22, "protective stops are cancelled too", ["ledger: ProtectiveOwed"]),
        new(23, "two presses, two exits", ["retry-closes-twice", "two-stops-close-one-position", "ledger: KeyNotUnique", "venue: RetriesPlace"]),
        new(24, "partial by limit or clock", ["closed-market-is-an-end", "failed-pass-counts"]),
        new(25, "twins, and a stop behind a long await", ["twin-sends-after-window", "ledger: EngageAtTail", "asks-the-venue-before-the-gate"]),
        new(26, "a half-open socket takes orders", [], ("the links' heartbeats are not in a simulated process; that silence proves nothing is law 4", "Silo.Tests/WatchingTests.F26_HalfOpenLink_IsSilentNotUp_AndAStopMeanwhileGoesOnAtItsReturn")),
        new(27, "alarms hide the one that matters", ["each-look-tells-of-the-outage", "an-outage-crosses-unnamed"]),
        new(28, "somebody presses by accident", [], ("a finger is not simulated; a press can be rehearsed", "Grains.Tests/PreviewTests.F28_Preview_SaysWhatWouldBeTouched_AndTouchesNothing")),
    ];
}
