using EmergencyStop.Access;
using EmergencyStop.Ids;
using Orleans;

namespace EmergencyStop.Orders;

/// <summary>A risk officer's word that a reduce-only order may pass a closed gate.</summary>
/// <param name="Stop">The stop that holds it closed, the latest of them: one that was engaged after it still refuses.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why, in words; 1 to 500 characters.</param>
[GenerateSerializer, Immutable, Alias("past-gate")]
public sealed record PastGate([property: Id(0)] StopId Stop, [property: Id(1)] Caller By, [property: Id(2)] string Reason);
