using System.Collections.Immutable;
using EmergencyStop.Simulation.Tests.Machine;
using EmergencyStop.Simulation.Tests.Venues;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <summary>One fault that strikes calls, and in which share of them.</summary>
public readonly record struct Rate(string Fault, double Share);

/// <summary>How often which fault strikes calls, turns, commits and the venue; by name, so that each can be printed and taken out.</summary>
public sealed record Rates(ImmutableArray<Rate> Each)
{
    private const string OfVenue = "venue: ";

    /// <summary>Whatever is slow at the venue takes a second or two, and what is shown late is shown as late as may be.</summary>
    public const string VerySlow = $"{OfVenue}slow is very slow";

    /// <summary>What a theme asks for, and chance alone does not.</summary>
    private static readonly ImmutableArray<string> Themed = [$"{OfVenue}{nameof(VenueFault.MassCancelLate)}", VerySlow];

    /// <summary>Every fault by name, with its highest rate and what it sets.</summary>
    private static readonly ImmutableArray<(string Fault, double Most, Action<Knobs, double> Set)> Known =
    [
        ("slow turn", 0.01, static (k, r) => k.Cluster.SlowTurn = r),
        ("call lost", 0.05, static (k, r) => k.Cluster.CallLost = r),
        ("call's answer lost", 0.05, static (k, r) => k.Cluster.AnswerLost = r),
        ("twin", 0.05, static (k, r) => k.Cluster.Twin = r),
        ("collection", 0.005, static (k, r) => k.Cluster.Collection = r),
        ("commit fails", 0.05, static (k, r) => k.Ledger.Fails = r),
        ("commit's answer lost", 0.05, static (k, r) => k.Ledger.AnswerLost = r),
        ("read fails", 0.02, static (k, r) => k.Ledger.ReadFails = r),
        ("commit stalls", 0.01, static (k, r) => k.Ledger.Stalls = r),
        (VerySlow, 1, static (k, r) => SlowDown(k, r)),
        .. Enum.GetValues<VenueFault>()
            .Where(f => f is not (VenueFault.Down or VenueFault.MarketClosed))
            .Select(f => ($"{OfVenue}{f}", MostOf(f), new Action<Knobs, double>((k, r) => k.Venue[f] = r))),
    ];

    /// <summary>Everything that has rates.</summary>
    public sealed record Knobs(SimulatedRates Cluster, LedgerFaults Ledger, VenueFaults Venue);

    /// <summary>Rates that are drawn: each fault is off in half of the histories, so that none hides behind another.</summary>
    public static Rates Of(SeededRandom random) =>
        new([.. Known.Where(k => !Themed.Contains(k.Fault) && random.Chance(0.5)).Select(known => new Rate(known.Fault, known.Most * (0.1 + (0.9 * random.NextDouble()))))]);

    /// <summary>The rates with one fault striking this often.</summary>
    public Rates With(string fault, double share) =>
        Known.Any(k => k.Fault == fault) ? new(Without(fault).Each.Add(new(fault, share))) : throw new ArgumentException($"There is no fault called {fault}.", nameof(fault));

    /// <summary>The rates without any fault of the venue.</summary>
    public Rates WithoutVenue() => new(Each.RemoveAll(rate => rate.Fault.StartsWith(OfVenue, StringComparison.Ordinal)));

    /// <summary>The rates without one fault.</summary>
    public Rates Without(string fault) => new(Each.RemoveAll(rate => rate.Fault == fault));

    /// <summary>Sets them.</summary>
    public void Apply(Knobs knobs)
    {
        foreach (var rate in Each)
        {
            foreach (var known in Known)
            {
                if (known.Fault == rate.Fault)
                {
                    known.Set(knobs, rate.Share);
                }
            }
        }
    }

    private static void SlowDown(Knobs knobs, double rate)
    {
        if (rate > 0)
        {
            (knobs.Venue.SlowFrom, knobs.Venue.SlowUpTo, knobs.Venue.HiddenFrom) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.2), 0.8);
        }
    }

    private static double MostOf(VenueFault fault) => fault switch
    {
        VenueFault.LateWrite => 0.02,
        VenueFault.Rejected or VenueFault.EndedByVenue or VenueFault.ConnectFailed or VenueFault.RateLimited => 0.08,
        VenueFault.RateLimitWait or VenueFault.SlowConnect or VenueFault.SlowRequest or VenueFault.SlowAnswer => 0.1,
        VenueFault.RequestLost or VenueFault.AnswerLost or VenueFault.AnswerGarbled or VenueFault.Unavailable => 0.08,
        _ => 0.3,
    };
}
