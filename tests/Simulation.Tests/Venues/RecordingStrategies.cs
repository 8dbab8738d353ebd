using EmergencyStop.Ids;
using EmergencyStop.Strategies;
using EmergencyStop.Venues.Strategies;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>The strategies of a history, as one process tells them: some acknowledge late, some not at all.</summary>
/// <param name="process">The process that tells.</param>
/// <param name="faults">What goes wrong.</param>
/// <param name="heard">What strategies have heard, of all processes.</param>
public sealed class RecordingStrategies(SimulatedProcess process, VenueFaults faults, IList<StrategyHeard> heard) : IStrategyManager
{
    private static readonly TimeSpan Fastest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(20);
    private readonly SeededRandom _random = process.World.RandomOf($"strategies/{process.Name}");

    /// <inheritdoc/>
    public async ValueTask<NoticeAnswer> TellAsync(Strategy strategy, StrategyNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var slow = Strikes(VenueFault.StrategySlow);
        var deaf = Strikes(VenueFault.StrategyDeaf);
        var hears = !deaf || _random.Chance(0.5);
        await process.World.DelayAsync(_random.LogBetween(Fastest, slow || deaf ? faults.SlowUpTo : Fast), process).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (cancellationToken.IsCancellationRequested)
        {
            return new(Told: false, 1, "The telling was given up.");
        }

        if (hears)
        {
            heard.Add(new(process.World.Now, process.Name, notice, Acknowledged: !deaf));
        }

        return deaf ? new(Told: false, 3, "The strategy did not acknowledge it.") : new(Told: true, 1, Why: null);
    }

    private bool Strikes(VenueFault fault)
    {
        var strikes = _random.Chance(faults[fault]);
        if (strikes)
        {
            faults.Count(fault);
        }

        return strikes;
    }
}

/// <summary>A notice that has reached its strategy.</summary>
/// <param name="At">When, by the world's clock.</param>
/// <param name="Process">Who told it.</param>
/// <param name="Notice">The notice.</param>
/// <param name="Acknowledged">Whether the teller knows.</param>
public readonly record struct StrategyHeard(TimeSpan At, string Process, StrategyNotice Notice, bool Acknowledged);
