namespace EmergencyStop.Simulation.Tests.Planted;

/// <content>When closing begins, and when a position counts as closed.</content>
public static partial class PlantedBugs
{
    private static PlantedBug[] Flattening =>
    [
        new(
            "guards-trade-unseen", 2, "What a kept protective order trades until it is ended is not looked at.",
            "Stopping/StopFlow.Closing.cs",
            "await FanOut.InWindowsAsync(users, options.Value.FanOutWindow, u => FlattenUserAsync(stop, u));\n        return",
            """
            await FanOut.InWindowsAsync(Planted.Is("guards-trade-unseen") ? [] : users, options.Value.FanOutWindow, u => FlattenUserAsync(stop, u));
                    return
            """),
        new(
            "closed-once-sent", 2, "A position is booked as closed when its closing order has been sent, whatever the order traded (F7).",
            "Closing/PositionCloser.cs",
            "expected = sent.State.IsActive() ? null",
            """
            if (Planted.Is("closed-once-sent"))
                                {
                                    return Outcome(OutcomeKind.Closed, closings, null, null);
                                }

                                expected = sent.State.IsActive() ? null
            """),
        new(
            "closed-market-is-an-end", 2, "A position that cannot be closed because the market is closed is owed no more (F24).",
            "Closing/PositionCloser.cs",
            "return Outcome(OutcomeKind.Failed, closings, \"market_closed\",",
            """return Outcome(Planted.Is("closed-market-is-an-end") ? OutcomeKind.Ended : OutcomeKind.Failed, closings, "market_closed","""),
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
