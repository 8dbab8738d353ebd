using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Strategies;

/// <summary>What strategies were told, and the generations of their secrets. None of it decides about an order or a stop.</summary>
public interface INoticeLedger
{
    /// <summary>Writes what has become of a notice; one row per (stop, strategy, kind), and what was told stays told.</summary>
    Task RecordNoticeAsync(NoticeOutcome outcome, CancellationToken cancellationToken);

    /// <summary>The notices about one stop, by strategy.</summary>
    Task<ImmutableArray<NoticeOutcome>> NoticesAsync(StopId stop, CancellationToken cancellationToken);

    /// <summary>Notices that are pending, oldest first: at the start of a process, what the one before it left.</summary>
    Task<ImmutableArray<NoticeOutcome>> PendingNoticesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Counts the strategy's secret up by one, with an audit entry that names who asked.</summary>
    /// <returns>The strategy after it; <c>null</c> for none.</returns>
    Task<Strategy?> RotateSecretAsync(StrategyId strategy, string by, DateTimeOffset at, CancellationToken cancellationToken);
}
