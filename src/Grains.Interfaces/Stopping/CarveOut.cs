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

    /// <summary>Why this cannot be carved out of that, in a sentence, or <c>null</c>: it must be narrower, and inside.</summary>
    /// <param name="whole">What a stop holds.</param>
    /// <param name="part">What is to trade nevertheless.</param>
    public static string? WhyNot(StopTarget whole, StopTarget part)
    {
        var narrower = part.Scope != EmergencyStopScope.System && whole.Scope switch
        {
            EmergencyStopScope.System => true,
            EmergencyStopScope.User or EmergencyStopScope.Symbol or EmergencyStopScope.Strategy => part.Scope != whole.Scope,
            _ => part.Scope == EmergencyStopScope.Strategy,
        };
        var inside = (whole.User is not { } user || part.User is not { } itsUser || user == itsUser)
            && (whole.Symbol is not { } symbol || part.Symbol is not { } itsSymbol || symbol == itsSymbol);
        return narrower && inside ? null : $"{part} is not a part of {whole}: a user, a strategy, a symbol or a symbol in a user's book inside of it can be carved out.";
    }
}
