using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Finds a scenario with less in it that breaks the same law: fewer acts, faults, processes, users, strategies and symbols.</summary>
/// <remarks>Bounded by runs and steps and not by time, so that the same failure always shrinks to the same scenario.</remarks>
/// <param name="law">The law.</param>
/// <param name="run">Runs a scenario.</param>
public sealed class Shrinker(int law, Func<Plan, Task<Verdict>> run)
{
    /// <summary>The most scenarios that are tried.</summary>
    public const int MostRuns = 1000;

    /// <summary>The most steps that they take together; about 20 s.</summary>
    public const long MostSteps = 4_000_000;

    private const ulong Chances = 4;

    private long _steps;

    /// <summary>How many scenarios were tried.</summary>
    public int Runs { get; private set; }

    private bool IsOver => Runs >= MostRuns || _steps >= MostSteps;

    /// <summary>The least scenario that was found to break the law.</summary>
    /// <param name="plan">One that does.</param>
    /// <param name="verdict">What it came to.</param>
    public async Task<Plan> ShrinkAsync(Plan plan, Verdict verdict)
    {
        var at = verdict.Violations.First(v => v.Law == law).At;
        var least = await LessAsync(plan, plan with { Acts = plan.Acts.RemoveAll(a => a.At > at) });
        int before;
        do
        {
            before = SizeOf(least);
            least = await FewerActsAsync(least);
            least = await FewerFaultsAsync(least);
            least = await FewerProcessesAsync(least);
            least = await LessAsync(least, WithoutIdle(least));
        }
        while (SizeOf(least) < before && !IsOver);
        return least;
    }

    private static int SizeOf(Plan plan) =>
        plan.Acts.Length + plan.Rates.Each.Length + plan.Drift.Count(d => d != 0) + plan.Processes + plan.Users.Length + plan.Strategies.Length + plan.Symbols.Length;

    /// <summary>Takes out ever smaller pieces, from the end: what comes late matters least.</summary>
    private async Task<Plan> FewerActsAsync(Plan plan)
    {
        for (var size = Math.Max(1, plan.Acts.Length / 2); size >= 1; size /= 2)
        {
            for (var end = plan.Acts.Length; end > 0 && !IsOver; end -= size)
            {
                var from = Math.Max(0, Math.Min(end, plan.Acts.Length) - size);
                var length = Math.Min(end, plan.Acts.Length) - from;
                plan = length > 0 ? await LessAsync(plan, plan with { Acts = plan.Acts.RemoveRange(from, length) }) : plan;
            }
        }

        return plan;
    }

    private async Task<Plan> FewerFaultsAsync(Plan plan)
    {
        plan = await LessAsync(plan, plan with { Rates = new([]), Drift = [.. plan.Drift.Select(_ => 0d)] });
        foreach (var rate in plan.Rates.Each)
        {
            plan = await LessAsync(plan, plan with { Rates = plan.Rates.Without(rate.Fault) });
        }

        for (var i = 0; i < plan.Drift.Length; i++)
        {
            plan = plan.Drift[i] == 0 ? plan : await LessAsync(plan, plan with { Drift = plan.Drift.SetItem(i, 0) });
        }

        return plan;
    }

    private async Task<Plan> FewerProcessesAsync(Plan plan)
    {
        for (var processes = 1; processes < plan.Processes; processes++)
        {
            var fewer = await LessAsync(plan, plan with { Processes = processes, Drift = plan.Drift[..Math.Min(processes, plan.Drift.Length)] });
            if (fewer.Processes < plan.Processes)
            {
                return fewer;
            }
        }

        return plan;
    }

    /// <summary>It without the users, strategies and symbols that no act names.</summary>
    private static Plan WithoutIdle(Plan plan)
    {
        var targets = plan.Acts.SelectMany(TargetsOf).ToArray();
        var terms = plan.Acts.Select(TermsOf).OfType<Orders.OrderTerms>().ToArray();
        var named = plan.Acts.OfType<Act.Resume>().Select(r => r.Strategy).ToArray();
        ImmutableArray<OwnedStrategy> strategies =
            [.. plan.Strategies.Where(s => named.Contains(s.Id) || targets.Any(t => t.Strategy == s.Id) || terms.Any(t => t.Strategy == s.Id))];
        var downs = plan.Acts.OfType<Act.VenueDown>().Select(d => d.Account?.Value).ToArray();
        ImmutableArray<UserId> users =
        [
            .. plan.Users.Where(u => targets.Any(t => t.User == u) || terms.Any(t => t.User == u) || strategies.Any(s => s.Owner == u) || downs.Contains(u.Value, StringComparer.Ordinal)),
        ];
        ImmutableArray<Symbol> symbols = [.. plan.Symbols.Where(s => targets.Any(t => t.Symbol == s) || terms.Any(t => t.Symbol == s))];
        return plan with
        {
            Strategies = strategies,
            Users = users.IsEmpty ? plan.Users[..1] : users,
            Symbols = symbols.IsEmpty ? plan.Symbols[..1] : symbols,
        };
    }

    private static IEnumerable<StopTarget> TargetsOf(Act act) => act switch
    {
        Act.Press press => [press.Request.Target, .. press.Request.Except],
        Act.Except except => [except.Part],
        _ => [],
    };

    private static Orders.OrderTerms? TermsOf(Act act) => act switch
    {
        Act.Place place => place.Terms,
        Act.Foreign foreign => foreign.Terms,
        Act.PassGate pass => pass.Terms,
        _ => null,
    };

    /// <summary>The second where it breaks the law still, otherwise the first.</summary>
    /// <remarks>What is taken out moves all that is left to chance, so each candidate has a few chances: worlds of other seeds with the same acts.</remarks>
    private async Task<Plan> LessAsync(Plan plan, Plan less)
    {
        if (IsOver || SizeOf(less) == SizeOf(plan))
        {
            return plan;
        }

        for (var chance = 0UL; chance < Chances && !IsOver; chance++)
        {
            Runs++;
            var candidate = less with { Seed = unchecked(less.Seed + chance) };
            var verdict = await run(candidate);
            _steps += verdict.Steps;
            if (verdict.Breaks(law))
            {
                return candidate;
            }
        }

        return plan;
    }
}
