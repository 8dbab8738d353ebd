namespace EmergencyStop.Simulation.Tests.Ledger;

/// <summary>Mistakes that a ledger could have; the simulator must find each.</summary>
[Flags]
public enum LedgerBug
{
    /// <summary>The ledger as it should be.</summary>
    None = 0,

    /// <summary>An admission reads the latches as they were when its call began, not under the lock.</summary>
    SnapshotOlderThanLock = 1 << 0,

    /// <summary>An engage is answered though its commit has not happened yet.</summary>
    AckBeforeCommit = 1 << 1,

    /// <summary>A stop is released while its flow is under way.</summary>
    ReleasePassesWhileWorking = 1 << 2,

    /// <summary>A stop is released though it owes something, and what it owes is forgotten.</summary>
    ReleaseDropsObligations = 1 << 3,

    /// <summary>An adoption does not ask whether the latch is held still.</summary>
    AdoptionStraddlesRelease = 1 << 4,

    /// <summary>A spooled stop that was recorded and released is latched anew.</summary>
    ReplayLatchesReleased = 1 << 5,

    /// <summary>An engage waits behind the order traffic.</summary>
    EngageAtTail = 1 << 6,

    /// <summary>A met outcome is overwritten by a later one.</summary>
    OutcomeOverwritesMet = 1 << 7,

    /// <summary>Two unfinished closing orders of one account and symbol may stand.</summary>
    ClosingIndexNotUnique = 1 << 8,

    /// <summary>The same idempotency key gives a second stop.</summary>
    KeyNotUnique = 1 << 9,

    /// <summary>Orders that were admitted after a stop are owed by it too.</summary>
    NumbersAfterRelease = 1 << 10,

    /// <summary>A resume within one target lifts the strategy's pauses within all.</summary>
    PauseForgotten = 1 << 11,

    /// <summary>A stop is completed though something is owed.</summary>
    DespiteHold = 1 << 12,

    /// <summary>Now and then something is committed without its event.</summary>
    EventForgotten = 1 << 13,

    /// <summary>A process that starts finds every gate open (F17).</summary>
    LatchesLostAtStart = 1 << 14,

    /// <summary>An order in the place of another is let in without a look at the gate (F11).</summary>
    ReplacementsPassTheGate = 1 << 15,

    /// <summary>Protective orders are owed by stops that keep them (F22).</summary>
    ProtectiveOwed = 1 << 16,
}
