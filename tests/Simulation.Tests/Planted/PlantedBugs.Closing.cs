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
            "if (await EndAsync(closing) is { } why)",
            """
            if (Planted.Is("retry-closes-twice"))
            {
                await book.RecordAsync(new OrderEvidence(closing.Id, OrderState.Ended, book.Time.GetUtcNow(), Reason: "superseded"));
                continue;
            }

            if (await EndAsync(closing) is { } why)
            """),
        new(
            "closing-past-zero", 6, "What other working orders on the same side may still trade is not taken off the size of a closing order.",
            "Orders/Exposure.cs",
            "var competing = working",
            """var competing = Planted.Is("closing-past-zero") ? 0 : working"""),
    ];
}
