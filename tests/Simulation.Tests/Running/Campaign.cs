using System.Diagnostics;
using System.Globalization;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Runs a job on several workers at once and tells of what they find.</summary>
/// <param name="job">What to run.</param>
/// <param name="output">Where failures are told; written to by one at a time.</param>
public sealed class Campaign(Job job, TextWriter output)
{
    /// <summary>The longest that one history may take before its worker is taken to hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<Failure> _failures = [];
    private readonly SortedDictionary<string, long> _covered = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private ulong _histories;
    private ulong _steps;

    /// <summary>How many workers.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Which planted bug is switched on; empty for the planted copy with none; <c>null</c> for the real grains.</summary>
    public string? Planted { get; init; }

    /// <summary>The planted bug's name in the table, if one is looked for.</summary>
    public string? Bug { get; init; }

    /// <summary>At which failure it ends; <c>null</c> for none.</summary>
    public Func<Failure, bool>? StopsAt { get; init; }

    /// <summary>Whether failures are told; otherwise they are counted only.</summary>
    public bool Tells { get; init; } = true;

    /// <summary>Where it stands.</summary>
    public CampaignResult Result
    {
        get
        {
            lock (_lock)
            {
                return new(_histories, _steps, [.. _failures.OrderBy(f => f.Seed)], new(_covered, StringComparer.Ordinal), _clock.Elapsed);
            }
        }
    }

    /// <summary>Runs it to its end, or until it is cancelled.</summary>
    public async Task<CampaignResult> RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(which => RunShareAsync(which, ending)));
        return Result;
    }

    private async Task RunShareAsync(int which, CancellationTokenSource ending)
    {
        var done = 0UL;
        while (!ending.IsCancellationRequested && job.Share(which, Workers, done) is { } share)
        {
            using var worker = WorkerProcess.Start(share, Planted);
            var listener = new Listener(this, share, ending);
            try
            {
                done += await listener.ListenAsync(worker);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Count(string steps)
    {
        lock (_lock)
        {
            _histories++;
            _steps += ulong.Parse(steps, CultureInfo.InvariantCulture);
        }
    }

    private void Cover(string count, string situation)
    {
        lock (_lock)
        {
            _covered[situation] = _covered.GetValueOrDefault(situation) + long.Parse(count, CultureInfo.InvariantCulture);
        }
    }

    private void Tell(Failure? failure, IReadOnlyList<string> text)
    {
        lock (_lock)
        {
            if (failure is not null)
            {
                _failures.Add(failure);
            }

            if (Tells && failure is not null)
            {
                output.WriteLine($"seed {failure.Seed} breaks {Verdict.NameOf(failure.Law)} {failure.What}");
            }

            foreach (var line in text)
            {
                output.WriteLine(failure is null || job.Traces ? line : "    " + line);
            }

            if (Tells && failure is not null && text.Count > 0 && !job.Traces)
            {
                output.WriteLine($"    {(Bug is null ? "the whole history" : "once more")}: {FailureText.Again(failure.Seed, job, Bug)}");
            }
        }
    }

    /// <summary>Hears one worker out.</summary>
    private sealed class Listener(Campaign campaign, Job share, CancellationTokenSource ending)
    {
        private readonly List<string> _text = [];
        private Failure? _failure;
        private ulong _seed = share.From;
        private bool _isWithin;
        private ulong _done;

        /// <summary>Listens until it ends.</summary>
        /// <returns>How many of its seeds it has been through; with a seed on which it ended, that one too.</returns>
        public async Task<ulong> ListenAsync(WorkerProcess worker)
        {
            try
            {
                while (await worker.ReadAsync(Patience, ending.Token) is { } line)
                {
                    Hear(line);
                }
            }
            catch (TimeoutException)
            {
                return await LostAsync($"its worker has said nothing for {Patience.TotalSeconds:0} s and was ended");
            }

            var code = await worker.ExitAsync();
            return code == 0 && _done == share.Count ? _done : await LostAsync($"its worker ended with exit code {code}: {worker.Errors}");
        }

        private void Hear(string line)
        {
            var parts = line.Split('\t', 3);
            switch (parts[0])
            {
                case "begin":
                    (_seed, _isWithin) = (ulong.Parse(parts[1], CultureInfo.InvariantCulture), true);
                    break;
                case "broken":
                    _failure = new(_seed, int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
                    break;
                case "text":
                    _text.Add(line["text\t".Length..]);
                    break;
                case "covered":
                    campaign.Cover(parts[1], parts[2]);
                    break;
                case "done":
                    campaign.Count(parts[1]);
                    End();
                    break;
                default:
                    break; // alive
            }
        }

        private void End()
        {
            _done++;
            _isWithin = false;
            campaign.Tell(_failure, _text);
            _text.Clear();
            if (_failure is not null && campaign.StopsAt?.Invoke(_failure) == true)
            {
                ending.Cancel();
            }

            _failure = null;
        }

        private async Task<ulong> LostAsync(string why)
        {
            _failure = new(_seed, Failure.Lost, _isWithin ? why : $"{why} (between two histories, after this one)");
            await Task.CompletedTask;
            End();
            return _done;
        }
    }
}

/// <summary>What a job has come to.</summary>
/// <param name="Histories">How many histories were run.</param>
/// <param name="Steps">How many steps they took.</param>
/// <param name="Failures">What was found, by seed.</param>
/// <param name="Covered">How many histories met which situation.</param>
/// <param name="Took">How long it took.</param>
public sealed record CampaignResult(
    ulong Histories, ulong Steps, IReadOnlyList<Failure> Failures, SortedDictionary<string, long> Covered, TimeSpan Took)
{
    /// <summary>It in a line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Histories} histories, {Histories / Math.Max(0.001, Took.TotalSeconds):F0}/s, {Failures.Count} broke a law");
}

/// <summary>A seed whose history broke a law.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Law">The law's number; <see cref="Verdict.Threw"/> or <see cref="Lost"/>.</param>
/// <param name="What">What was seen.</param>
public sealed record Failure(ulong Seed, int Law, string What)
{
    /// <summary>In the place of a law's number: the worker ended or hung.</summary>
    public const int Lost = -2;
}
