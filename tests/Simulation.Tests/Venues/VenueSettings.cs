using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>What kind of venue it is.</summary>
public sealed record VenueSettings
{
    /// <summary>As the simulated venue of the product: it tells of changes, and its orders are gone with its session.</summary>
    public static VenueSettings Pushing { get; } = new() { PushesUpdates = true, OrdersDieWithSession = true, AcceptsReduceOnly = true };

    /// <summary>As a broker that is polled.</summary>
    public static VenueSettings Polled { get; } = new();

    /// <summary>Whether it tells of changes unasked.</summary>
    public bool PushesUpdates { get; init; }

    /// <summary>Whether an order that it no longer knows has ended; then every order is found as soon as it is accepted.</summary>
    public bool OrdersDieWithSession { get; init; }

    /// <summary>Whether it enforces reduce-only.</summary>
    public bool AcceptsReduceOnly { get; init; }

    /// <summary>Its own mass cancel.</summary>
    public MassCancelScope MassCancel { get; init; } = MassCancelScope.Account;

    /// <summary>The longest from an order's acceptance to its being found.</summary>
    public TimeSpan VisibilityBound { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The link's patience with a read, a cancel or an order's answer.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The link's patience with a connect.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The share of the looks at a resting order that fill it.</summary>
    public double FillsResting { get; init; } = 0.2;

    /// <summary>How often the market looks at a resting order; afterwards it rests until somebody acts.</summary>
    public int Looks { get; init; } = 3;

    /// <summary>The longest between two looks.</summary>
    public TimeSpan LookWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where every price begins.</summary>
    public decimal StartPrice { get; init; } = 100;
}
