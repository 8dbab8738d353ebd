namespace EmergencyStop.Simulation.Tests.Planted;

/// <content>Sweeping, verifying.</content>
public static partial class PlantedBugs
{
    private static PlantedBug[] Sweeping =>
    [
        new(
            "sweep-skips-in-flight", 2, "A sweep has nothing to cancel of an order in flight, and books it as never sent.",
            "Orders/OrderSweeper.cs",
            "var ending = book.Time.GetElapsedTime(began) < book.Options.SweepBudget",
            """
            var ending = Planted.Is("sweep-skips-in-flight") && row.State == OrderState.InFlight
                ? new Ending.Proven(
                    row, book.Time.GetTimestamp(), new(row.Id, OrderState.NeverSent, book.Time.GetUtcNow(), Reason: "attested: it is not at the venue"), OrderState.NeverSent, 0)
                : book.Time.GetElapsedTime(began) < book.Options.SweepBudget
            """),
        new(
            "sweeps-the-whole-book", 7, "A sweep takes every active order of the user, whatever the stop's scope.",
            "Orders/OrderSweeper.cs",
            "var massCancelAt = await all.AskAsync(command);",
            """
            if (Planted.Is("sweeps-the-whole-book"))
            {
                command = command with { Orders = await book.Ledger.ActiveOrdersAsync(book.User, CancellationToken.None) };
            }

            var massCancelAt = await all.AskAsync(command);
            """),
        new(
            "failed-snapshot-read-as-empty", 2, "An account whose orders could not be read is taken to have none.",
            "Orders/ScopeVerifier.cs",
            "if (reading is Reading<ImmutableArray<VenueOrderReport>>.Unreadable unreadable)",
            """if (reading is Reading<ImmutableArray<VenueOrderReport>>.Unreadable unreadable && !Planted.Is("failed-snapshot-read-as-empty"))"""),
        new(
            "no-verification", 2, "A stop does not read the venue afresh after its sweep.",
            "Stopping/StopFlow.cs",
            "await VerifyAsync(stop, swept.Late.IsDefault ? users : [.. users.Except(swept.Late)], unmet, attempt);",
            """
            if (!Planted.Is("no-verification"))
            {
                await VerifyAsync(stop, swept.Late.IsDefault ? users : [.. users.Except(swept.Late)], unmet, attempt);
            }
            """),
        new(
            "adopts-nothing", 2, "Orders that were placed past the service are left where they are.",
            "Watching/ForeignOrders.cs",
            "if (!stop.HoldsLatch || !stop.Options.CancelOrders || !stop.Covers(terms))",
            """if (Planted.Is("adopts-nothing") || !stop.HoldsLatch || !stop.Options.CancelOrders || !stop.Covers(terms))"""),
    ];
}
