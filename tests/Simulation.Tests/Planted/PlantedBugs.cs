using System.Collections.Immutable;

namespace EmergencyStop.Simulation.Tests.Planted;

/// <summary>The planted bugs of the grains: one assembly holds them all, each asleep until it is switched on.</summary>
public static partial class PlantedBugs
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<PlantedBug> All { get; } = [.. Admitting, .. Sending, .. Ending, .. Sweeping, .. MassCancels, .. Closing, .. Flattening, .. Stopping, .. Braking, .. Outage];

    private static PlantedBug[] Braking =>
    [
        new(
            "spool-skipped", 10, "A stop that the ledger did not take is answered as spooled though nothing was written: a crash loses it.",
            "Braking/StopBrake.cs",
            "return await LedgerPatience.WithinAsync(() => Task.FromResult(spool.TryWrite(stop)), options.Value.SpoolWait, time);",
            """
            return Planted.Is("spool-skipped")
                || await LedgerPatience.WithinAsync(() => Task.FromResult(spool.TryWrite(stop)), options.Value.SpoolWait, time);
            """),
        new(
            "spool-not-read-at-start", 10, "A process that starts does not take up what an earlier one has spooled.",
            "Braking/StopBrake.cs",
            "if (spool.Torn > 0)",
            """
            if (Planted.Is("spool-not-read-at-start"))
            {
                return;
            }

            if (spool.Torn > 0)
            """),
        new(
            "brake-lets-go-before-the-record", 10, "A spooled stop is taken off the spool before the ledger has it.",
            "Braking/StopReplay.cs",
            "var recorded = await ledger.ReplayAsync(stop, note, cancellationToken) switch",
            """
            if (Planted.Is("brake-lets-go-before-the-record"))
            {
                brake.TryLetGo(held.Stop.Id, held.Stop.Id);
            }

            var recorded = await ledger.ReplayAsync(stop, note, cancellationToken) switch
            """),
        new(
            "late-replay-flattens", 10, "A stop that was spooled more than 15 minutes ago closes positions without asking a person.",
            "Braking/ReplayPlan.cs",
            "if (!request.Options.ClosePositions || now",
            """if (Planted.Is("late-replay-flattens") || !request.Options.ClosePositions || now"""),
    ];
}
