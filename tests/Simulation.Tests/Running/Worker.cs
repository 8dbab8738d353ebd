using System.Globalization;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Runs one share of the histories and tells its parent, a line for each thing.</summary>
/// <remarks>
/// The lines: <c>begin seed</c>; <c>alive</c> while a failure is shrunk; <c>broken law what</c>; <c>text line</c>;
/// <c>done steps</c>; <c>covered count situation</c>. Their parts are parted by tabs.
/// </remarks>
public sealed class Worker(Job job, TextWriter parent)
{
    private const int TellCoverageEvery = 100;

    private readonly SortedDictionary<string, long> _covered = new(StringComparer.Ordinal);
    private int _told;

    /// <summary>The program of a worker.</summary>
    public static int Serve(ReadOnlySpan<string> arguments)
    {
        var job = Job.Parse(arguments);
        using var parent = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16) { AutoFlush = false, NewLine = "\n" };
        Console.CancelKeyPress += static (_, pressed) => pressed.Cancel = true; // The parent says when to end.

        // All of it runs on the pool's one thread; this one only waits.
        Task.Run(() => new Worker(job, parent).RunAsync()).GetAwaiter().GetResult();
        return 0;
    }

    private async Task RunAsync()
    {
        for (var i = 0UL; i < job.Count; i++)
        {
            var seed = job.From + (i * job.Step);
            Say("begin", seed.ToString(CultureInfo.InvariantCulture));
            await parent.FlushAsync();
            await RunAsync(seed);
            if (i == job.Count - 1 || i % TellCoverageEvery == TellCoverageEvery - 1)
            {
                TellCoverage();
            }

            await parent.FlushAsync();
        }
    }

    private void TellCoverage()
    {
        foreach (var (situation, count) in _covered)
        {
            Say("covered", count.ToString(CultureInfo.InvariantCulture), situation);
        }

        _covered.Clear();
    }

    private async Task RunAsync(ulong seed)
    {
        var plan = job.PlanOf(seed);
        Coverage? coverage = null;
        var verdict = await Verdict.OfAsync(
            plan, job.Bugs, job.Traces ? line => Say("text", line) : null, job.Covers ? (sight, stage) => coverage = new(sight, stage) : null);
        foreach (var situation in coverage?.Met ?? [])
        {
            _covered[situation] = _covered.GetValueOrDefault(situation) + 1;
        }

        if (verdict.Violations is [var first, ..])
        {
            Say("broken", first.Law.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"at {first.At.TotalMilliseconds:F3} ms: {first.What}"));
            if (!job.Traces && _told++ < job.Told)
            {
                await TellAsync(new(plan, first.Law, verdict));
            }
        }

        Say("done", verdict.Steps.ToString(CultureInfo.InvariantCulture));
    }

    private async Task TellAsync(Failure failure)
    {
        var shrinker = new Shrinker(failure.Law, async candidate =>
        {
            Say("alive");
            await parent.FlushAsync();
            return await Verdict.OfAsync(candidate, job.Bugs);
        });
        var least = await shrinker.ShrinkAsync(failure.Plan, failure.Verdict);
        var trace = new List<string>();
        await Verdict.OfAsync(least, job.Bugs, trace.Add);
        foreach (var line in FailureText.Of(failure.Plan, least, shrinker.Runs, trace, job.TellsAll))
        {
            Say("text", line);
        }
    }

    private void Say(params ReadOnlySpan<string> parts)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0)
            {
                parent.Write('\t');
            }

            parent.Write(parts[i].ReplaceLineEndings(" | "));
        }

        parent.WriteLine();
    }

    private sealed record Failure(Scenarios.Plan Plan, int Law, Verdict Verdict);
}
