namespace EmergencyStop.Simulation.Tests.Planted;

/// <content>Engaging a stop, carrying it on, ending it.</content>
public static partial class PlantedBugs
{
    private static PlantedBug[] Stopping =>
    [
        new(
            "answered-before-recorded", 5, "A stop that the ledger did not take is answered as recorded.",
            "Stopping/EmergencyStopSystem.cs",
            "return await brake.EngageAsync(new(id, request, before), e.Message, wait, cancellationToken);",
            """
            var braked = await brake.EngageAsync(new(id, request, before), e.Message, wait, cancellationToken);
            return Planted.Is("answered-before-recorded") && braked is StopAnswer.Engaged told
                ? told with { Result = told.Result with { Recorded = true } }
                : braked;
            """),
        new(
            "asks-the-venue-before-the-gate", 8, "A user's stop looks at the venue first, to see what there is to stop, and closes the gate afterwards.",
            "Stopping/EmergencyStopSystem.cs",
            "using var span = ServiceTelemetry.StartStop(\"stop.engage\", id)",
            """
            if (Planted.Is("asks-the-venue-before-the-gate") && request.Target.User is { } book)
            {
                var active = await ledger.ActiveOrdersAsync(book, CancellationToken.None);
                await grains.GetGrain<global::EmergencyStop.Orders.IUserGrain>(book.Value).LookForAsync([.. active.Select(o => o.Id)]);
            }

            using var span = ServiceTelemetry.StartStop("stop.engage", id)
            """),
        new(
            "completes-with-debts", 2, "At the end of a pass what is not an order and still unmet is written off.",
            "Stopping/StopFlow.cs",
            "var met = !patience.AnyLate(stop.Id)",
            """
            if (Planted.Is("completes-with-debts"))
            {
                await ledger.RecordOutcomesAsync(
                    stop.Id,
                    [.. unmet.Where(o => o.Kind != ObligationKind.Order).Select(o => o with { Outcome = OutcomeKind.Ended, At = time.GetUtcNow(), Phase = null, NextTry = null })],
                    CancellationToken.None);
                unmet = [];
            }

            var met = !patience.AnyLate(stop.Id)
            """),
        new(
            "failed-pass-counts", 2, "A pass that failed on its way counts as the one that looks at every account.",
            "Stopping/EmergencyStopCoordinatorGrain.cs",
            "var after = await flow.PassAsync(before, run.PassOf(before));",
            """var after = await flow.PassAsync(before, Planted.Is("failed-pass-counts") ? attempt : run.PassOf(before));"""),
        new(
            "set-to-work-by-word-of-mouth", 2, "A coordinator that is not told of an escalation goes on as if the stop were the old one.",
            "Stopping/CoordinatorRun.cs",
            "var setToWork = stop.Again?.Number ?? stop.Number;",
            """var setToWork = Planted.Is("set-to-work-by-word-of-mouth") ? stop.Number : stop.Again?.Number ?? stop.Number;"""),
        new(
            "coordinator-forgets-on-crash", 2, "Nobody takes up the stops that a dead process left unfinished.",
            "Stopping/StopRecovery.cs",
            "var unfinished = await ledger.UnfinishedStopsAsync(cancellationToken);",
            """
            var unfinished = Planted.Is("coordinator-forgets-on-crash")
                ? System.Collections.Immutable.ImmutableArray<Stop>.Empty
                : await ledger.UnfinishedStopsAsync(cancellationToken);
            """),
        new(
            "released-in-part-forgets-its-debts", 9, "A stop that was released with debts, and holds only the accounts that owe, is not carried on any more.",
            "Stopping/EmergencyStopCoordinatorGrain.cs",
            "is not { } before || before.State == StopState.Completed)",
            """is not { } before || before.State == StopState.Completed || (Planted.Is("released-in-part-forgets-its-debts") && before.Narrowed is not null))"""),
    ];
}
