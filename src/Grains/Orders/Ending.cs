using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Orders;

/// <summary>How far the attempt to end one order has come.</summary>
internal abstract record Ending(Order Row, long Started)
{
    /// <summary>Its end is proven.</summary>
    public sealed record Proven(Order Row, long Started, OrderEvidence? Evidence, OrderState State, decimal Filled, bool Inferred = false)
        : Ending(Row, Started);

    /// <summary>A cancel was sent, and the venue's word on the order is still to come.</summary>
    public sealed record Confirming(Order Row, long Started, BookEntry Entry, string Said) : Ending(Row, Started);

    /// <summary>Nothing is proven in this pass.</summary>
    public sealed record Unmet(Order Row, long Started, OutcomeKind Kind, string Phase, string Reason, DateTimeOffset? NextTry = null)
        : Ending(Row, Started);
}
