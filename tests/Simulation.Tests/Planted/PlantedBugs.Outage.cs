namespace EmergencyStop.Simulation.Tests.Planted;

/// <content>While the ledger is away.</content>
public static partial class PlantedBugs
{
    private static PlantedBug[] Outage =>
    [
        new(
            "brake-does-not-hold", 10, "Admission does not ask for the stops that hold in memory only, and neither does the permit.",
            [
                new(
                    "Braking/BrakeLatches.cs",
                    "public Stop? First => _held is [var first, ..] ? first : null;",
                    """public Stop? First => !Planted.Is("brake-does-not-hold") && _held is [var first, ..] ? first : null;"""),
                new(
                    "Braking/BrakeLatches.cs",
                    "if (stop.HoldsLatch && stop.Covers(terms))",
                    """if (!Planted.Is("brake-does-not-hold") && stop.HoldsLatch && stop.Covers(terms))"""),
            ]),
        new(
            "brake-cancels-nothing", 10, "A stop that the ledger did not take looks at the venues, and cancels nothing there.",
            "Braking/AccountBrake.cs",
            "if (!await TryMassCancelAsync(owed.Length, open.Length))",
            """if (!Planted.Is("brake-cancels-nothing") && !await TryMassCancelAsync(owed.Length, open.Length))"""),
        new(
            "brake-says-closed", 10, "The caller of a stop that the ledger did not take is told that the gate is closed.",
            "Braking/BrakedStop.cs",
            "Gate = stop.HoldsLatch ? GateHold.Unproven : GateHold.Open,",
            """Gate = stop.HoldsLatch ? Planted.Is("brake-says-closed") ? GateHold.Closed : GateHold.Unproven : GateHold.Open,"""),
        new(
            "admits-without-the-ledger", 10, "An order whose admission the ledger did not take is sent all the same.",
            "Orders/UserGrain.cs",
            """
            _sender.Forget(entry);
                        _book.Attested.Add(entry.Id); // It may be in the ledger all the same.
            """,
            """
            if (Planted.Is("admits-without-the-ledger"))
                        {
                            var assumed = new Order(entry.Id, terms, _book.Account, 0, OrderState.InFlight, sending.Permit.StartedAt, sending.Permit.StartedAt);
                            return new PlaceAnswer.Admitted(await SendAsync(entry, assumed, old, cancellationToken), Repeated: false);
                        }

                        _sender.Forget(entry);
                        _book.Attested.Add(entry.Id); // It may be in the ledger all the same.
            """),
        new(
            "each-look-tells-of-the-outage", 0, "Every look at the accounts behind a gate that meets an outage of the ledger says so in the log (F27).",
            "Watching/StopWatcher.cs",
            "if (e is not LedgerUnavailableException)",
            """if (Planted.Is("each-look-tells-of-the-outage") || e is not LedgerUnavailableException)"""),
        new(
            "an-outage-crosses-unnamed", 0, "A grain that meets an outage of the ledger fails with what cannot cross the call: its caller hears of a fault.",
            "Orders/UserGrain.Replacing.cs",
            "if (await ledger.FindOrderAsync(old, cancellationToken) is not",
            """
            if (Planted.Is("an-outage-crosses-unnamed") && !(await ledger.HealthAsync(cancellationToken)).Writable)
                    {
                        throw new EmergencyStop.Events.EventNotHandledException("planted", new InvalidOperationException("planted"));
                    }

                    if (await ledger.FindOrderAsync(old, cancellationToken) is not
            """),
    ];
}
