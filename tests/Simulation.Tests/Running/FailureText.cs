using System.Globalization;
using EmergencyStop.Simulation.Tests.Scenarios;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>A failure as a person reads it.</summary>
public static class FailureText
{
    /// <summary>The longest trace that is told whole.</summary>
    public const int MostLines = 160;

    private const int LastLines = 60;
    private static readonly string[] Telling = ["caller", "LAW", "cluster", "world"];

    /// <summary>What it was shrunk to, and the trace of that.</summary>
    /// <param name="plan">The scenario of the seed.</param>
    /// <param name="least">What it was shrunk to.</param>
    /// <param name="runs">In how many runs.</param>
    /// <param name="trace">The trace of the latter.</param>
    /// <param name="whole">Whether a long trace is told whole.</param>
    public static IEnumerable<string> Of(Plan plan, Plan least, int runs, IReadOnlyList<string> trace, bool whole)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"shrunk in {runs} runs from {Sizes(plan)}");
        yield return string.Create(CultureInfo.InvariantCulture, $"to {Sizes(least)}");
        yield return Setting(least);
        foreach (var line in whole ? trace : Capped([.. trace.Where(l => !IsIdle(l))], trace.Count))
        {
            yield return line;
        }
    }

    /// <summary>The command that shows a seed's history, or finds the planted bug once more.</summary>
    public static string Again(ulong seed, Job job, string? bug) => "dotnet run --project tests/Simulation.Tests -- " + (bug is null
        ? string.Create(CultureInfo.InvariantCulture, $"--seed {seed}{(job.IsStandard ? " --standard" : string.Empty)} --trace")
        : $"--planted \"{bug}\"");

    private static string Sizes(Plan plan)
    {
        var others = plan.Acts.Length - plan.Orders - plan.Stops;
        return string.Create(CultureInfo.InvariantCulture, $"{plan.Users.Length} users, {plan.Strategies.Length} strategies, {plan.Processes} processes, {plan.Orders} orders, {plan.Stops} stops, {others} other acts, {plan.Rates.Each.Length} kinds of faults");
    }

    private static string Setting(Plan plan)
    {
        var faults = plan.Rates.Each.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Fault} {r.Share:P1}"));
        var drift = plan.Drift.Select((d, i) => (d, i)).Where(p => p.d != 0).Select(p => string.Create(CultureInfo.InvariantCulture, $"clock of p{p.i} {p.d:+0.000;-0.000}"));
        var venue = $"a venue that {(plan.Venue.Pushes ? "pushes" : "is polled")}{(plan.Venue.MassCancel ? ", has a mass cancel" : string.Empty)}{(plan.Venue.EnforcesReduceOnly ? ", keeps reduce-only" : string.Empty)}";
        return string.Join("; ", [venue, .. faults, .. drift]);
    }

    /// <summary>What people asked and heard, what befell processes, and the end of it.</summary>
    private static IEnumerable<string> Capped(IReadOnlyList<string> trace, int of)
    {
        if (trace.Count <= MostLines)
        {
            return trace;
        }

        var early = trace.Take(trace.Count - LastLines).ToArray();
        var telling = early.Where(IsTelling).ToArray();
        string[] kept = [.. telling.Skip(Math.Max(0, telling.Length - (MostLines - LastLines)))];
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"({of - kept.Length - LastLines} of {of} lines are left out; --all tells them)"),
            .. kept,
            "(and then)",
            .. trace.Skip(trace.Count - LastLines),
        ];
    }

    private static bool IsIdle(string line) => line.Contains(" health of ", StringComparison.Ordinal);

    private static bool IsTelling(string line) =>
        Array.Exists(Telling, who => line.Contains($" ms  {who} ", StringComparison.Ordinal))
        || line.Contains("is killed", StringComparison.Ordinal) || line.EndsWith("starts", StringComparison.Ordinal)
        || line.Contains("frozen", StringComparison.Ordinal) || line.Contains(" down ", StringComparison.Ordinal) || line.Contains("engage", StringComparison.Ordinal)
        || line.Contains("Fault", StringComparison.Ordinal);
}
