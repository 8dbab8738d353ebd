namespace EmergencyStop.Simulation.Tests.Planted;

/// <content>Admitting, and taking in what the venue tells.</content>
public static partial class PlantedBugs
{
    private static PlantedBug[] Admitting =>
    [
        new(
            "reduce-only-unchecked", 1, "A reduce-only order is not held against the position: past the gate it may open one.",
            [
                new(
                    "Orders/UserGrain.cs",
                    "if (terms.ReduceOnly && await _keeper.CheckReduceOnlyAsync(terms, old?.Id) is { } refusal)",
                    """if (!Planted.Is("reduce-only-unchecked") && terms.ReduceOnly && await _keeper.CheckReduceOnlyAsync(terms, old?.Id) is { } refusal)"""),
                new(
                    "Orders/UserGrain.cs",
                    "if (await _keeper.CheckReduceOnlyAsync(terms, entry.Id) is { } refusal)",
                    """if (!Planted.Is("reduce-only-unchecked") && await _keeper.CheckReduceOnlyAsync(terms, entry.Id) is { } refusal)"""),
            ]),
        new(
            "admits-before-reading", 3, "A grain that could not read the ledger when it came to life admits orders all the same.",
            "Orders/UserGrain.cs",
            "if ((!_loaded && !await TryLoadAsync(cancellationToken)) || _book.Attested.IsFull)",
            """if ((!Planted.Is("admits-before-reading") && !_loaded && !await TryLoadAsync(cancellationToken)) || _book.Attested.IsFull)"""),
        new(
            "stop-ends-observation", 4, "While a gate is held, what the venue tells of orders is not taken in (F15).",
            "Orders/UserGrain.cs",
            "await _keeper.ObserveAsync(reports);",
            """
            if (Planted.Is("stop-ends-observation") && ledger.Gate.Held > 0)
            {
                return;
            }

            await _keeper.ObserveAsync(reports);
            """),
        new(
            "evidence-dropped-when-ledger-down", 4, "What the ledger could not take is forgotten.",
            "Orders/UserBook.cs",
            "_unrecorded.AddRange(evidence);",
            """
            if (!Planted.Is("evidence-dropped-when-ledger-down"))
            {
                _unrecorded.AddRange(evidence);
            }
            """),
    ];
}
