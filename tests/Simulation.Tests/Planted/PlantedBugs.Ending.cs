namespace EmergencyStop.Simulation.Tests.Planted;

/// <content>Bringing one order to its end.</content>
public static partial class PlantedBugs
{
    private static PlantedBug[] Ending =>
    [
        new(
            "state-not-looked-at-after-await", 4, "After the wait for its sender an order is judged by the row as it was before: it rests nowhere, so it never left.",
            "Orders/OrderEnder.cs",
            "await WaitForSenderAsync(sending);",
            """
            await WaitForSenderAsync(sending);
            if (Planted.Is("state-not-looked-at-after-await") && book.Find(row.Id) is null)
            {
                return Proven(row, started, new(row.Id, OrderState.NeverSent, book.Time.GetUtcNow(), Reason: "attested: its sender is through"));
            }
            """),
        new(
            "timeout-booked-as-cancelled", 4, "A cancel that went unanswered is booked as done.",
            "Orders/OrderEnder.cs",
            "CancelOutcome.Unknown u => new",
            """
            CancelOutcome.Unknown when Planted.Is("timeout-booked-as-cancelled") =>
                Proven(row, started, new(row.Id, OrderState.Cancelled, book.Time.GetUtcNow(), row.FilledQuantity)),
            CancelOutcome.Unknown u => new
            """),
        new(
            "accepted-is-cancelled", 4, "A venue's word that it has taken a cancel is booked as the order's end.",
            "Orders/OrderEnder.cs",
            "CancelOutcome.Accepted => new",
            """
            CancelOutcome.Accepted when Planted.Is("accepted-is-cancelled") =>
                Proven(row, started, new(row.Id, OrderState.Cancelled, book.Time.GetUtcNow(), row.FilledQuantity)),
            CancelOutcome.Accepted => new
            """),
        new(
            "not-found-is-ended", 4, "An order that the venue does not show is taken to have ended.",
            "Orders/OrderEnder.cs",
            "Reading<VenueOrderReport>.Absent when book.Venue.Description.OrdersDieWithSession && (c.Entry.VenueOrderId ?? c.Row.VenueOrderId) is not null => Proven(",
            """Reading<VenueOrderReport>.Absent when (book.Venue.Description.OrdersDieWithSession && (c.Entry.VenueOrderId ?? c.Row.VenueOrderId) is not null) || Planted.Is("not-found-is-ended") => Proven("""),
        new(
            "recovery-forgets-send-window", 4, "An order that somebody else may be sending is concluded to have never been sent without waiting out its window.",
            "Orders/UnclearOrders.cs",
            "if (left > TimeSpan.Zero)",
            """if (left > TimeSpan.Zero && !Planted.Is("recovery-forgets-send-window"))"""),
        new(
            "asks-once", 4, "The venue is not asked a second time after the window: an answer from before its end decides.",
            "Orders/UnclearOrders.cs",
            "var second = await AskOnceAsync(entry);",
            """var second = Planted.Is("asks-once") ? first : await AskOnceAsync(entry);"""),
        new(
            "replacement-not-followed", 4, "What became of a replacement is booked as what became of the order before it.",
            "Orders/UserBook.cs",
            "return !string.Equals(report.ClientOrderId, asked.Value, StringComparison.Ordinal)",
            """return !Planted.Is("replacement-not-followed") && !string.Equals(report.ClientOrderId, asked.Value, StringComparison.Ordinal)"""),
        new(
            "inferred-not-watched", 4, "Nobody looks again for orders that were inferred to have never been sent.",
            "Stopping/StopRecovery.cs",
            "await WatchInferredAsync(stoppingToken);",
            """await (Planted.Is("inferred-not-watched") ? Task.CompletedTask : WatchInferredAsync(stoppingToken));"""),
    ];
}
