namespace EmergencyStop.Simulation.Tests.Planted;

/// <content>Closing positions.</content>
public static partial class PlantedBugs
{
    private static PlantedBug[] Closing =>
    [
        new(
            "two-stops-close-one-position", 6, "A closing order is sent although another stop's is unfinished.",
            "Closing/PositionCloser.cs",
            "if (answer is not ClosingAnswer.Inserted mine)",
            """
            var mine = answer as ClosingAnswer.Inserted;
            if (Planted.Is("two-stops-close-one-position") && answer is ClosingAnswer.Standing standing)
            {
                mine = new(standing.Order with { Id = id, Terms = terms });
            }

            if (mine is null)
            """),
        new(
            "retry-closes-twice", 6, "A retry does not look what became of the unfinished attempt before it: it is booked as ended, and the next one goes out.",
            "Closing/PositionCloser.cs",
            "if (await EndAsync(unfinished) is { } why)",
            """
            if (Planted.Is("retry-closes-twice"))
            {
                await book.RecordAsync(new OrderEvidence(unfinished.Id, OrderState.Ended, book.Time.GetUtcNow(), Reason: "superseded"));
                continue;
            }

            if (await EndAsync(unfinished) is { } why)
            """),
        new(
            "closing-past-zero", 6, "What other working orders on the same side may still trade is not taken off the size of a closing order.",
            "Orders/Exposure.cs",
            "var competing = working",
            """var competing = Planted.Is("closing-past-zero") ? 0 : working"""),
        new(
            "closes-before-cancels-confirmed", 2, "Positions are closed while the cancels are still under way.",
            [
                new(
                    "Stopping/StopFlow.Closing.cs",
                    "var ready = users.Where(u => !waiting.Contains(u) && (",
                    """var ready = users.Where(u => (!waiting.Contains(u) || Planted.Is("closes-before-cancels-confirmed")) && ("""),
                new(
                    "Closing/ClosingPlan.cs",
                    "if (inScope.Count > 0)",
                    """if (inScope.Count > 0 && !Planted.Is("closes-before-cancels-confirmed"))"""),
            ]),
        new(
            "failed-positions-read-as-flat", 2, "An account whose positions could not be read is taken to be flat.",
            [
                new(
                    "Closing/Flattener.cs",
                    "if (positions is Reading<ImmutableArray<VenuePosition>>.Unreadable u)",
                    """if (positions is Reading<ImmutableArray<VenuePosition>>.Unreadable u && !Planted.Is("failed-positions-read-as-flat"))"""),
                new(
                    "Closing/ClosingLook.cs",
                    "if (positions is Reading<ImmutableArray<VenuePosition>>.Unreadable w)",
                    """if (positions is Reading<ImmutableArray<VenuePosition>>.Unreadable w && !Planted.Is("failed-positions-read-as-flat"))"""),
            ]),
    ];
}
