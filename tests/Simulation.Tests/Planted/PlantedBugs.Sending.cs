namespace EmergencyStop.Simulation.Tests.Planted;

/// <content>Admitting and sending.</content>
public static partial class PlantedBugs
{
    private static PlantedBug[] Sending =>
    [
        new(
            "gate-checked-before-send-only", 4, "The permit does not look at the gate when the order is written, and a sweep looks at the permit where it should take it back.",
            [
                new(
                    "Orders/SendPermit.cs",
                    "why ??= _gate?.Gate.Refusing(_terms, _past) is { } latch",
                    """why ??= !Planted.Is("gate-checked-before-send-only") && _gate?.Gate.Refusing(_terms, _past) is { } latch"""),
                new(
                    "Orders/OrderEnder.cs",
                    "if (sending.Permit.TryRevoke())",
                    """if (Planted.Is("gate-checked-before-send-only") ? !sending.Permit.MayHaveWritten : sending.Permit.TryRevoke())"""),
            ]),
        new(
            "twin-sends-after-window", 4, "An order is written however late: the permit never overstays, and the connection is not reset.",
            [
                new(
                    "Orders/SendPermit.cs",
                    "why = _window.WhyOver();",
                    """why = Planted.Is("twin-sends-after-window") ? null : _window.WhyOver();"""),
                new(
                    "Orders/SendPermit.cs",
                    "public CancellationToken WindowEnd => _window.End;",
                    """public CancellationToken WindowEnd => Planted.Is("twin-sends-after-window") ? CancellationToken.None : _window.End;"""),
            ]),
        new(
            "permit-taken-twice", 4, "A permit that a sweep has taken back is taken all the same.",
            "Orders/SendPermit.cs",
            "if (why is null && Interlocked.CompareExchange(ref _state, Taken, Untouched) != Untouched)",
            """if (why is null && Interlocked.CompareExchange(ref _state, Taken, Untouched) != Untouched && !Planted.Is("permit-taken-twice"))"""),
        new(
            "revoke-always-attests", 4, "A sweep attests that an order was never written although its permit was taken.",
            "Orders/SendPermit.cs",
            "return Interlocked.CompareExchange(ref _state, Revoked, Untouched) != Taken;",
            """return Interlocked.CompareExchange(ref _state, Revoked, Untouched) != Taken || Planted.Is("revoke-always-attests");"""),
    ];
}
