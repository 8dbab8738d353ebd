using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Strategies;

namespace EmergencyStop.Api.Tests.Hosting;

internal sealed partial class MemoryLedger
{
    public ImmutableArray<NoticeOutcome> Notices { get; set; } = [];

    public Task RecordNoticeAsync(NoticeOutcome outcome, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<NoticeOutcome>> NoticesAsync(StopId stop, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<NoticeOutcome>>([.. Notices.Where(n => n.Notice.Stop == stop)]);

    public Task<ImmutableArray<NoticeOutcome>> PendingNoticesAsync(int limit, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<Strategy?> RotateSecretAsync(StrategyId strategy, string by, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Check(write: true);
        return Task.FromResult(Strategies.TryGetValue(strategy, out var found)
            ? Strategies[strategy] = found with { SecretGeneration = found.SecretGeneration + 1 }
            : null);
    }
}
