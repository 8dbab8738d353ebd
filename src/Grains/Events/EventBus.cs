using System.Text.Json;
using EmergencyStop.Access;
using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Events;

/// <summary>The bus: a critical event is handled on its publisher's call, every other one goes through the outbox.</summary>
public sealed partial class EventBus(
    EmergencyStopHandler stops, ILedger ledger, IIdSource ids, TimeProvider time, IOptions<EventOptions> options, ILogger<EventBus> log) : IEventBus
{
    private const int SlowerThanCritical = 10;

    /// <inheritdoc/>
    public async Task<StopAnswer> PublishAsync(EmergencyStopRequested requested, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requested);
        LogRequested(requested.Source, requested.Id, requested.Request.Target, requested.Request.RequestedBy.DisplayName);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await stops.HandleAsync(requested, cancellationToken);
                EventMeasures.Handled(EmergencyStopHandler.Name);
                return answer;
            }
            catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
            {
                EventMeasures.Failed(EmergencyStopHandler.Name);
                if (attempt >= options.Value.Attempts)
                {
                    await SetAsideAsync(requested, attempt, e);
                    throw new EventNotHandledException($"Event {requested.Id} of {requested.Source} could not be turned into a stop; it is set aside.", e);
                }

                LogFailed(e, requested.Source, requested.Id, attempt, options.Value.Attempts);
            }

            await Task.Delay(options.Value.RetryAfter / SlowerThanCritical, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task<long> PublishAsync(string type, string subject, EventAudience audience, string data, CancellationToken cancellationToken) =>
        EventTypes.PriorityOf(type) == EventPriority.Critical
            ? throw new ArgumentException($"{type} is critical: publish it as what it is.", nameof(type))
            : ledger.AppendEventAsync(new(type, subject, time.GetUtcNow(), audience, data), cancellationToken);

    /// <inheritdoc/>
    public Task<StopAnswer> PublishEmergencyStopAsync(UserId userId, string reason)
    {
        var by = new Caller("service", "service", Role.Admin, null);
        var request = new EmergencyStopRequest(StopTarget.Of(userId), new(), EmergencyStopReason.SystemError, reason, by, time.GetUtcNow());
        return PublishAsync(new(BusEvent.OwnSource, ids.NewStopId().Value, request, TimeSpan.Zero), CancellationToken.None);
    }

    private async Task SetAsideAsync(EmergencyStopRequested requested, int attempts, Exception why)
    {
        EventMeasures.SetAside(EmergencyStopHandler.Name);
        LogSetAside(why, requested.Source, requested.Id, requested.Request.Target, attempts);
        try
        {
            var data = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["target"] = requested.Request.Target.Value,
                ["reason"] = requested.Request.Reason,
                ["by"] = requested.Request.RequestedBy.DisplayName,
            });
            await ledger.SetAsideAsync(
                new(
                    0, EmergencyStopHandler.Name, requested.Source, requested.Id, EventTypes.EmergencyStopRequested, requested.Request.Target.Value,
                    requested.Request.RequestedAt, data, attempts, $"It threw {why.GetType().Name}; the log says more.", time.GetUtcNow()),
                CancellationToken.None);
        }
        catch (LedgerUnavailableException e)
        {
            LogNotSetAside(e, requested.Source, requested.Id);
        }
    }

    [LoggerMessage(EventIds.EmergencyStopEvent, LogLevel.Warning, "Event {Id} of {Source} asks for a stop of {Target}, by {By}")]
    private partial void LogRequested(string source, string id, StopTarget target, string by);

    [LoggerMessage(EventIds.EventAttemptFailed, LogLevel.Warning, "Event {Id} of {Source} was not turned into a stop, attempt {Attempt} of {Attempts}")]
    private partial void LogFailed(Exception e, string source, string id, int attempt, int attempts);

    [LoggerMessage(EventIds.EventSetAside, LogLevel.Critical, "Event {Id} of {Source} asked for a stop of {Target} and there is NONE after {Attempts} attempts: stop it by hand")]
    private partial void LogSetAside(Exception e, string source, string id, StopTarget target, int attempts);

    [LoggerMessage(EventIds.EventSetAside, LogLevel.Critical, "Event {Id} of {Source} could not be set aside either: the ledger does not take it")]
    private partial void LogNotSetAside(Exception e, string source, string id);
}
