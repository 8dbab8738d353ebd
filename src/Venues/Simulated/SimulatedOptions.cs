using System.ComponentModel.DataAnnotations;

namespace EmergencyStop.Venues.Simulated;

/// <summary>How the simulated market behaves.</summary>
public sealed class SimulatedOptions
{
    /// <summary>Price at which a symbol starts that <see cref="StartPrices"/> does not name.</summary>
    /// <value>Above 0; default 100.</value>
    [Range(0.000000001, 1_000_000_000)]
    public decimal StartPrice { get; set; } = 100;

    /// <summary>Start prices by symbol, in any of its spellings.</summary>
    /// <value>Default none.</value>
    public Dictionary<string, decimal> StartPrices { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The largest step of the price walk at one tick, in percent of the price.</summary>
    /// <value>0 to 50; default 0, so that prices stand still and examples come out as written.</value>
    [Range(0.0, 50.0)]
    public decimal WalkPercent { get; set; }

    /// <summary>Time between two ticks of the price walk.</summary>
    /// <value>10 ms to 1 h; default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan TickEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The most that the market maker trades with one order at once; what is left rests until the next tick.</summary>
    /// <value>0 for no maker at all; <c>null</c>, the default, for no bound.</value>
    [Range(0.0, 1_000_000_000)]
    public decimal? MakerQuantity { get; set; }

    /// <summary>Cash of a new account.</summary>
    /// <value>Default 100,000, as a paper account has. It may go below 0: there is no margin check.</value>
    [Range(0.0, 1_000_000_000)]
    public decimal StartCash { get; set; } = 100_000;

    /// <summary>How many ended orders the market remembers.</summary>
    /// <value>1,000 to 10,000,000; default 1,000,000, about 500 MB. A client order id may be used again once forgotten.</value>
    [Range(1_000, 10_000_000)]
    public int EndedOrdersKept { get; set; } = 1_000_000;

    /// <summary>What the venue in process declares as its longest time from acceptance to being found.</summary>
    /// <value>0 to 10 min; default 1 s. A late acknowledgement dialled in beyond it breaks the promise, which is a fault worth trying.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan VisibilityBound { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the venue in process is waited for while a silence is dialled in.</summary>
    /// <value>10 ms to 1 min; default 2 s, as for one attempt at a real venue.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Seed of the price walk, the faults' draws and the order ids; <c>null</c>, the default, draws one.</summary>
    public int? Seed { get; set; }
}
