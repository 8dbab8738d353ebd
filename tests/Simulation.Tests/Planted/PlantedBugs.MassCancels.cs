namespace EmergencyStop.Simulation.Tests.Planted;

/// <content>Mass cancels.</content>
public static partial class PlantedBugs
{
    private static PlantedBug[] MassCancels =>
    [
        new(
            "mass-cancel-wider-than-scope", 7, "The venue's mass cancel is used for a stop that covers a part of the account.",
            [
                new(
                    "Orders/MassCanceller.cs",
                    "if (!command.WholeAccount || command.Orders.Length",
                    """if ((!command.WholeAccount && !Planted.Is("mass-cancel-wider-than-scope")) || command.Orders.Length"""),
                new(
                    "Orders/MassCanceller.cs",
                    "return await book.Ledger.FindStopAsync(command.Stop, CancellationToken.None) is { } stop",
                    """return Planted.Is("mass-cancel-wider-than-scope") || await book.Ledger.FindStopAsync(command.Stop, CancellationToken.None) is { } stop"""),
            ]),
        new(
            "mass-cancel-not-looked-at-again", 7, "What came into the account while a mass cancel was being recorded is not looked at before it is sent.",
            "Orders/MassCanceller.cs",
            "if (!await ReachesOnlySweptAsync(command))",
            """if (!Planted.Is("mass-cancel-not-looked-at-again") && !await ReachesOnlySweptAsync(command))"""),
        new(
            "mass-cancel-unanswered-is-over", 7, "A mass cancel that went unanswered is owed no more: it may hit what is placed after the release.",
            "Orders/MassCanceller.cs",
            "await RecordAsync(command, window, OutcomeKind.Unknown, u.Phase.ToString().ToLowerInvariant(), u.Reason);",
            """
            await RecordAsync(
                command, window, Planted.Is("mass-cancel-unanswered-is-over") ? OutcomeKind.Ended : OutcomeKind.Unknown,
                Planted.Is("mass-cancel-unanswered-is-over") ? null : u.Phase.ToString().ToLowerInvariant(), u.Reason);
            """),
        new(
            "mass-cancel-settled-by-the-wall-clock", 7, "Whether an unanswered mass cancel can arrive no more is decided by a clock that somebody may set.",
            "Stopping/KnownDebts.cs",
            "- time.GetElapsedTime(since);",
            """- (Planted.Is("mass-cancel-settled-by-the-wall-clock") ? time.GetUtcNow() - debt.At : time.GetElapsedTime(since));"""),
        new(
            "mass-cancel-after-its-window", 7, "A mass cancel is written however late, though its debt may be settled and the stop released by then.",
            [
                new(
                    "Orders/MassCancelPermit.cs",
                    "why = window.WhyOver();",
                    """why = Planted.Is("mass-cancel-after-its-window") ? null : window.WhyOver();"""),
                new(
                    "Orders/MassCancelPermit.cs",
                    "public CancellationToken WindowEnd => window.End;",
                    """public CancellationToken WindowEnd => Planted.Is("mass-cancel-after-its-window") ? CancellationToken.None : window.End;"""),
            ]),
    ];
}
