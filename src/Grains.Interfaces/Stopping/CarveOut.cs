using Orleans;

namespace EmergencyStop.Stopping;

/// <summary>One target inside a wider stop that may trade while the rest stays stopped.</summary>
/// <param name="Target">What may trade.</param>
/// <param name="Number">The number drawn for it.</param>
/// <param name="By">Who made it.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="PutBack">The number drawn when it was put back: the stop owes the orders of the target numbered before it. <c>null</c> while it is in force.</param>
[GenerateSerializer, Immutable, Alias("carve-out")]
public sealed record CarveOut(
    [property: Id(0)] StopTarget Target,
    [property: Id(1)] long Number,
    [property: Id(2)] string By,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] string Reason,
    [property: Id(5)] long? PutBack = null)
{
    /// <summary>Whether the target may trade now.</summary>
    public bool IsInForce => PutBack is null;
}
