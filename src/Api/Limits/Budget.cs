using EmergencyStop.Access;

namespace EmergencyStop.Api.Limits;

/// <summary>What a request is counted against.</summary>
internal enum Budget
{
    /// <summary>Orders, registrations and heartbeats.</summary>
    Orders,

    /// <summary>Cancels of single orders.</summary>
    Cancels,

    /// <summary>Reads and previews.</summary>
    Reads,

    /// <summary>Stops and releases.</summary>
    Stops,

    /// <summary>Requests without a good key.</summary>
    Unauthenticated,
}

/// <summary>Facts about budgets.</summary>
internal static class Budgets
{
    /// <summary>The budget of a deed; what is not known to be order traffic or a read is never limited by either.</summary>
    public static Budget Of(Deed deed) => deed switch
    {
        Deed.PlaceOrder or Deed.RegisterStrategy or Deed.Beat => Budget.Orders,
        Deed.CancelOrder => Budget.Cancels,
        Deed.Read => Budget.Reads,
        _ => Budget.Stops,
    };

    /// <summary>How it is named in problems and metrics.</summary>
    public static string Word(this Budget budget) => budget switch
    {
        Budget.Orders => "orders",
        Budget.Cancels => "cancels",
        Budget.Reads => "reads",
        Budget.Stops => "stops",
        _ => "unauthenticated",
    };

    /// <summary>How many a second it lets through.</summary>
    public static int PerSecond(this Budget budget, RateLimitOptions options) => budget switch
    {
        Budget.Orders => options.OrdersPerSecond,
        Budget.Cancels => options.CancelsPerSecond,
        Budget.Reads => options.ReadsPerSecond,
        Budget.Stops => options.StopsPerSecond,
        _ => options.UnauthenticatedPerSecond,
    };
}
