using System.Collections.Immutable;
using System.Globalization;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Which histories to run, and how.</summary>
/// <param name="From">The first seed.</param>
/// <param name="Count">How many.</param>
public sealed record Job(ulong From, ulong Count)
{
    /// <summary>From one seed to the next.</summary>
    public ulong Step { get; init; } = 1;

    /// <summary>Every history has the size of the speed figure; otherwise it is drawn.</summary>
    public bool IsStandard { get; init; }

    /// <summary>Whether each history is told line by line.</summary>
    public bool Traces { get; init; }

    /// <summary>Whether situations are counted.</summary>
    public bool Covers { get; init; }

    /// <summary>How many failures are shrunk and told; of the others one hears the seed and the law.</summary>
    public int Told { get; init; } = 5;

    /// <summary>Whether long traces of failures are told whole.</summary>
    public bool TellsAll { get; init; }

    /// <summary>Bugs in what surrounds the grains.</summary>
    public Bugs Bugs { get; init; } = new();

    /// <summary>The last seed.</summary>
    public ulong Last => From + ((Count - 1) * Step);

    /// <summary>The scenario of a seed.</summary>
    public Plan PlanOf(ulong seed) => PlanMaker.Of(seed, IsStandard ? PlanMaker.Size.Standard : PlanMaker.Size.Of(seed));

    /// <summary>One worker's share, without the seeds that it has been through.</summary>
    /// <param name="which">Which worker, from 0.</param>
    /// <param name="of">How many there are.</param>
    /// <param name="done">How many of its seeds are done.</param>
    /// <returns><c>null</c> when nothing is left.</returns>
    public Job? Share(int which, int of, ulong done)
    {
        var (number, workers) = ((ulong)which, (ulong)of);
        var mine = number >= Count ? 0 : ((Count - 1 - number) / workers) + 1;
        return done >= mine ? null : this with
        {
            From = From + ((number + (done * workers)) * Step),
            Count = mine - done,
            Step = Step * workers,
            Told = (Told + of - 1 - which) / of,
        };
    }

    /// <summary>It as arguments of a worker; <see cref="Parse"/> reads them.</summary>
    public ImmutableArray<string> Arguments() =>
    [
        From.ToString(CultureInfo.InvariantCulture), Count.ToString(CultureInfo.InvariantCulture), Step.ToString(CultureInfo.InvariantCulture),
        Told.ToString(CultureInfo.InvariantCulture), Bugs.Ledger.ToString(), Bugs.Venue.ToString(),
        .. IsStandard ? [nameof(IsStandard)] : Array.Empty<string>(), .. Traces ? [nameof(Traces)] : Array.Empty<string>(),
        .. Covers ? [nameof(Covers)] : Array.Empty<string>(), .. TellsAll ? [nameof(TellsAll)] : Array.Empty<string>(),
    ];

    /// <summary>Reads the arguments of a worker.</summary>
    public static Job Parse(ReadOnlySpan<string> arguments) => new(
        ulong.Parse(arguments[0], CultureInfo.InvariantCulture), ulong.Parse(arguments[1], CultureInfo.InvariantCulture))
    {
        Step = ulong.Parse(arguments[2], CultureInfo.InvariantCulture),
        Told = int.Parse(arguments[3], CultureInfo.InvariantCulture),
        Bugs = new(Enum.Parse<LedgerBug>(arguments[4]), Enum.Parse<VenueBug>(arguments[5])),
        IsStandard = arguments.Contains(nameof(IsStandard)),
        Traces = arguments.Contains(nameof(Traces)),
        Covers = arguments.Contains(nameof(Covers)),
        TellsAll = arguments.Contains(nameof(TellsAll)),
    };
}
