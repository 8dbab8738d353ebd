using System.Collections.Concurrent;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>A stop system that writes down what it is asked, keeps the real authority, and ends each stop as the test says.</summary>
internal sealed class ScriptedSystem(MemoryLedger ledger) : IEmergencyStopSystem
{
    private readonly Lock _turn = new();
    private int _count;

    public ConcurrentQueue<EmergencyStopRequest> Stopped { get; } = new();

    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public ConcurrentQueue<ReleaseRequest> Released { get; } = new();

    /// <summary>The state in which a new stop is when its wait is over.</summary>
    public StopState EndsAs { get; set; } = StopState.Completed;

    public Func<ReleaseRequest, ReleaseAnswer> OnRelease { get; set; } = _ => new ReleaseAnswer.NotFound();

    public Func<StopPreview, Task<StopPreview>> OnPreview { get; set; } = Task.FromResult;

    public Task<StopAnswer> StopAsync(EmergencyStopRequest request, TimeSpan wait, CancellationToken cancellationToken)
    {
        var owner = request.Target.Strategy is { } s ? ledger.Strategies.GetValueOrDefault(s)?.User : null;
        if (StopAuthority.RefuseStop(request.RequestedBy, request.Target, owner) is { } why)
        {
            return Task.FromResult<StopAnswer>(new StopAnswer.Forbidden(why));
        }

        lock (_turn)
        {
            var standing = request.IdempotencyKey is null ? null : ledger.Stops.Values.FirstOrDefault(s =>
                s.Request.IdempotencyKey == request.IdempotencyKey && s.Request.RequestedBy.KeyId == request.RequestedBy.KeyId);
            if (standing is not null)
            {
                return Task.FromResult<StopAnswer>(standing.Request.BodyHash == request.BodyHash ? Answer(standing, true) : new StopAnswer.KeyReused(standing.Id));
            }

            Stopped.Enqueue(request);
            Waits.Enqueue(wait);
            var stop = Rows.Stop($"stop-{++_count}", request, EndsAs);
            ledger.Stops[stop.Id] = stop;
            return Task.FromResult<StopAnswer>(Answer(stop, false));
        }
    }

    public Task<StopPreview> PreviewAsync(StopTarget target, StopOptions options, CancellationToken cancellationToken) =>
        OnPreview(new StopPreview(target, 3, 1, [StrategyId.Parse("s1")], ["alice/BTC-USD"], [], [], ["3 orders would be cancelled."]));

    public Task<ReleaseAnswer> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken)
    {
        if (ledger.Stops.TryGetValue(request.Stop, out var stop) && StopAuthority.RefuseRelease(request.By, stop, request.ResumeStrategies) is { } why)
        {
            return Task.FromResult<ReleaseAnswer>(new ReleaseAnswer.Forbidden(why));
        }

        Released.Enqueue(request);
        return Task.FromResult(OnRelease(request));
    }

    public Task<EmergencyStopResult?> ResultAsync(StopId stop, TimeSpan wait, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The API does not call this.");

    private StopAnswer.Engaged Answer(Stop stop, bool repeated) => new(
        stop, EmergencyStopResult.From(stop, ledger.Outcomes.GetValueOrDefault(stop.Id, []), stop.Request.RequestedAt), repeated);
}
