using System.Collections.Immutable;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Simulation.Tests.Planted;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>A bug that the simulator must find.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Law">The law that it breaks; another that breaks first will do.</param>
/// <param name="InGrains">The name that switches it on in the planted copy of the grains; <c>null</c> for the real grains.</param>
/// <param name="Bugs">What is switched on in what surrounds them.</param>
public sealed record Plant(string Name, int Law, string? InGrains, Bugs Bugs)
{
    private static readonly ImmutableArray<(LedgerBug Bug, int Law)> InLedger =
    [
        (LedgerBug.SnapshotOlderThanLock, 1), (LedgerBug.AckBeforeCommit, 5), (LedgerBug.ReleasePassesWhileWorking, 9), (LedgerBug.ReleaseDropsObligations, 9),
        (LedgerBug.AdoptionStraddlesRelease, 7), (LedgerBug.ReplayLatchesReleased, 10), (LedgerBug.EngageAtTail, 8), (LedgerBug.OutcomeOverwritesMet, 4),
        (LedgerBug.ClosingIndexNotUnique, 6), (LedgerBug.KeyNotUnique, 6), (LedgerBug.NumbersAfterRelease, 7), (LedgerBug.PauseForgotten, 1), (LedgerBug.DespiteHold, 2),
        (LedgerBug.LatchesLostAtStart, 3), (LedgerBug.ReplacementsPassTheGate, 1), (LedgerBug.ProtectiveOwed, 7),
    ];

    private static readonly ImmutableArray<(VenueBug Bug, int Law)> AtVenue =
    [
        (VenueBug.RetriesPlace, 6), (VenueBug.PermitBeforeConnect, 1), (VenueBug.EmptyOnFailure, 2), (VenueBug.TimeoutIsCancelled, 4),
        (VenueBug.MassCancelOfAllAccounts, 7), (VenueBug.WindowNotReset, 1), (VenueBug.MassCancelWithoutPermit, 7), (VenueBug.HidesStopOrders, 4),
    ];

    /// <summary>All of them.</summary>
    public static ImmutableArray<Plant> All { get; } =
    [
        .. PlantedBugs.All.Select(b => new Plant(b.Name, b.Law, b.Name, new())),
        .. InLedger.Select(b => new Plant($"ledger: {b.Bug}", b.Law, null, new(Ledger: b.Bug))),
        .. AtVenue.Select(b => new Plant($"venue: {b.Bug}", b.Law, null, new(Venue: b.Bug))),
    ];
}
