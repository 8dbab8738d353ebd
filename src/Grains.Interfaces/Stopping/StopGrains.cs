using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Strategies;
using Orleans;
using Orleans.Concurrency;

namespace EmergencyStop.Stopping;

/// <summary>Runs the flow of the stops on one target. Key: the target's text.</summary>
[Alias("emergency-stop-coordinator-grain")]
public interface IEmergencyStopCoordinatorGrain : IGrainWithStringKey
{
    /// <summary>Takes the stop up, or goes on with it. Idempotent; answers at once.</summary>
    [AlwaysInterleave, Alias("carry-on")]
    Task CarryOnAsync(StopId stop);

    /// <summary>The stop was set to work anew, by a put-back or an escalation: its next pass is the first again, at once. Idempotent; answers at once.</summary>
    [AlwaysInterleave, Alias("again")]
    Task AgainAsync(StopId stop);

    /// <summary>Waits until the stop's flow has been through, at most <paramref name="atMost"/> (bounded to 10 s).</summary>
    /// <returns>The stop's state then.</returns>
    [AlwaysInterleave, Alias("wait")]
    Task<StopState> WaitAsync(StopId stop, TimeSpan atMost);

    /// <summary>The last stops on this target, newest first, from grain state.</summary>
    [AlwaysInterleave, Alias("recent")]
    Task<ImmutableArray<RememberedStop>> RecentAsync();
}

/// <summary>A stop as the coordinator's grain state remembers it.</summary>
[GenerateSerializer, Immutable, Alias("remembered-stop")]
public sealed record RememberedStop(
    [property: Id(0)] StopId Stop,
    [property: Id(1)] long Number,
    [property: Id(2)] StopState State,
    [property: Id(3)] DateTimeOffset RequestedAt,
    [property: Id(4)] string Message);

/// <summary>Resolves a strategy's stop to users. Key: the strategy id.</summary>
[Alias("strategy-grain")]
public interface IStrategyGrain : IGrainWithStringKey
{
    /// <summary>Sweeps the strategy's orders through the users' grains.</summary>
    [AlwaysInterleave, Alias("sweep")]
    Task<SliceReport> SweepAsync(Stop stop, int attempt, CancellationToken cancellationToken);

    /// <summary>Has the strategy told that the ledger has paused it; answers without waiting for that.</summary>
    /// <returns><c>null</c>, also when there is nobody to tell; otherwise what went wrong.</returns>
    [AlwaysInterleave, Alias("tell-paused")]
    Task<string?> TellPausedAsync(StopId stop, CancellationToken cancellationToken);

    /// <summary>Has the strategy told that it may trade again, after a release that resumed it; answers without waiting for that.</summary>
    /// <returns><c>null</c>, also when there is nobody to tell; otherwise what went wrong.</returns>
    [AlwaysInterleave, Alias("tell-resumed")]
    Task<string?> TellResumedAsync(StopId stop, CancellationToken cancellationToken);

    /// <summary>Resumes the strategy in the ledger and has it told.</summary>
    [AlwaysInterleave, Alias("resume")]
    Task<ResumeAnswer> ResumeAsync(Caller by, string reason, CancellationToken cancellationToken);
}

/// <summary>Resolves a symbol's stop to users. Key: the symbol.</summary>
[Alias("symbol-grain")]
public interface ISymbolGrain : IGrainWithStringKey
{
    /// <summary>Sweeps the symbol's orders through the users' grains.</summary>
    [AlwaysInterleave, Alias("sweep")]
    Task<SliceReport> SweepAsync(Stop stop, int attempt, CancellationToken cancellationToken);
}

/// <summary>One slice of a SYSTEM fan-out. Key: <c>stop id/partition</c>.</summary>
[Alias("stop-partition-grain")]
public interface IStopPartitionGrain : IGrainWithStringKey
{
    /// <summary>Sweeps the partition's orders through the users' grains.</summary>
    [AlwaysInterleave, Alias("sweep")]
    Task<SliceReport> SweepAsync(Stop stop, int attempt, CancellationToken cancellationToken);
}

/// <summary>What one slice of a sweep came to; the outcomes are in the ledger.</summary>
/// <param name="Swept">Orders that were owed in this slice.</param>
/// <param name="Unmet">Those that are not at a proven end.</param>
/// <param name="Users">The users they belong to.</param>
/// <param name="LastCancelSentAt">When the last cancel left (UTC).</param>
/// <param name="LastOrderSentAt">When the last of these orders left (UTC).</param>
/// <param name="Late">Users whose sweep goes on by itself: it took longer than the others may wait.</param>
[GenerateSerializer, Immutable, Alias("slice-report")]
public sealed record SliceReport(
    [property: Id(0)] int Swept,
    [property: Id(1)] int Unmet,
    [property: Id(2)] ImmutableArray<UserId> Users,
    [property: Id(3)] DateTimeOffset? LastCancelSentAt,
    [property: Id(4)] DateTimeOffset? LastOrderSentAt,
    [property: Id(5)] ImmutableArray<UserId> Late = default);
