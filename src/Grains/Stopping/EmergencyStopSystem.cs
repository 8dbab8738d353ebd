using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Grains.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using EmergencyStop.Telemetry;
using EmergencyStop.Venues;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace EmergencyStop.Grains.Stopping;

/// <summary>Engages through the ledger first, then tells the coordinator; a grain that hangs delays no gate, and a ledger that does not answer leaves the stop to the brake.</summary>
public sealed partial class EmergencyStopSystem(
    ILedger ledger, IGrainFactory grains, IAccountMap accounts, IIdSource ids, IStopWarnings warnings, TimeProvider time, StopBrake brake, LedgerMirror mirror,
    IOptions<BrakeOptions> options, ILogger<EmergencyStopSystem> log) : IEmergencyStopSystem
{
    private const int ToldAtOnce = 256;
    private static readonly TimeSpan LongestAsk = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public async Task<StopAnswer> StopAsync(EmergencyStopRequest request, TimeSpan wait, CancellationToken cancellationToken)
    {
        var before = ledger.LastRemembered;

        // Only a trader's right depends on whose strategy it is; nobody else's stop waits for a read.
        var owner = request.Target.Strategy is { } strategy && request.RequestedBy.Role == Role.Trader
            ? await OwnerAsync(strategy)
            : null;
        if ((StopAuthority.RefuseStop(request.RequestedBy, request.Target, owner) ?? StopAuthority.RefuseExcept(request)) is { } why)
        {
            return new StopAnswer.Forbidden(why);
        }

        if (await brake.RepeatAsync(request, wait, cancellationToken) is { } standing)
        {
            return standing;
        }

        // From here on nobody's impatience takes the stop back. The id is fixed before the first attempt: an engage whose
        // answer is lost, and the same stop on the spool, are one.
        var id = ids.NewStopId();
        EngageAnswer answer;
        try
        {
            answer = await EngageAsync(id, request);
        }
        catch (LedgerUnavailableException e)
        {
            return await brake.EngageAsync(new(id, request, before), e.Message, wait, cancellationToken);
        }

        switch (answer)
        {
            case EngageAnswer.KeyReused reused:
                return new StopAnswer.KeyReused(reused.Stop.Id);
            case EngageAnswer.Repeated repeated:
                return await AnswerAsync(repeated.Stop, wait, repeated: true, cancellationToken);
            case EngageAnswer.Engaged engaged:
                StopMeasures.Engaged(engaged.Stop);
                LogEngaged(engaged.Stop.Id, engaged.Stop.Target, engaged.Stop.Number, request.RequestedBy.DisplayName, request.ReasonCode, request.Reason.Length == 0 ? "no reason given" : request.Reason);
                return await AnswerAsync(engaged.Stop, wait, repeated: false, cancellationToken);
            case var other:
                throw new InvalidOperationException($"Engage answer {other.GetType().Name} is not known.");
        }
    }

    /// <inheritdoc/>
    public async Task<EmergencyStopResult?> ResultAsync(StopId stop, TimeSpan wait, CancellationToken cancellationToken) =>
        await ledger.FindStopAsync(stop, cancellationToken) is { } found
            ? await WaitAsync(found, wait, cancellationToken)
            : null;

    /// <inheritdoc/>
    public async Task<StopPreview> PreviewAsync(StopTarget target, StopOptions options, CancellationToken cancellationToken) =>
        await StopPreviews.OfAsync(ledger, warnings, target, options, time.GetUtcNow(), cancellationToken);

    /// <inheritdoc/>
    public async Task<ReleaseAnswer> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken)
    {
        if (brake.Find(request.Stop) is { } unrecorded)
        {
            return StopAuthority.RefuseRelease(request.By, unrecorded.Stop, request.ResumeStrategies) is { } refusal
                ? new ReleaseAnswer.Forbidden(refusal)
                : new ReleaseAnswer.Working(unrecorded.Stop);
        }

        request = request with { Stop = brake.StandsAs(request.Stop) };
        if (await ledger.FindStopAsync(request.Stop, cancellationToken) is not { } stop)
        {
            return new ReleaseAnswer.NotFound();
        }

        if (StopAuthority.RefuseRelease(request, stop) is { } why)
        {
            return new ReleaseAnswer.Forbidden(why);
        }

        var answer = await ledger.ReleaseAsync(request, CancellationToken.None);
        if (answer is ReleaseAnswer.Released released)
        {
            StopMeasures.Released(stop);
            LogReleased(request.Stop, stop.Target, request.By.DisplayName, request.Reason, released.StillHeld.Length);
            if (request.ResumeStrategies)
            {
                await TellResumedAsync(stop, released);
            }
        }

        return answer is ReleaseAnswer.Outstanding && request.DespiteOutstanding ? await NarrowAsync(request, cancellationToken) : answer;
    }

    private async Task<ReleaseAnswer> NarrowAsync(ReleaseRequest request, CancellationToken cancellationToken)
    {
        var users = await DebtAccounts.OfAsync(ledger, accounts, request.Stop, cancellationToken);
        var answer = await ledger.NarrowAsync(request, users, CancellationToken.None);
        if (answer is ReleaseAnswer.Narrowed narrowed)
        {
            LogNarrowed(request.Stop, narrowed.Stop.Target, string.Join(", ", narrowed.Stop.LatchedTargets), request.By.DisplayName, narrowed.Items.Length, request.Reason);
        }

        return answer;
    }

    /// <summary>Closes the gate. The span around it is the stop's root where the press came without one.</summary>
    private async Task<EngageAnswer> EngageAsync(StopId id, EmergencyStopRequest request)
    {
        using var span = ServiceTelemetry.StartStop("stop.engage", id)?.SetTag("scope", ServiceTelemetry.ScopeOf(request.Target));
        var answer = await LedgerPatience.WithinAsync(
            () => ledger.EngageAsync(id, request, CancellationToken.None).AsTask(), options.Value.EngageWait, time);
        var standing = (answer as EngageAnswer.Engaged)?.Stop.Id ?? (answer as EngageAnswer.Repeated)?.Stop.Id ?? id;
        span?.SetTag(ServiceTelemetry.StopIdKey, standing.Value);
        span?.Parent?.SetTag(ServiceTelemetry.StopIdKey, standing.Value);
        return answer;
    }

    private async Task<StopAnswer> AnswerAsync(Stop stop, TimeSpan wait, bool repeated, CancellationToken cancellationToken)
    {
        try
        {
            if (stop.State != StopState.Completed)
            {
                await TellCoordinatorAsync(stop, cancellationToken);
            }

            var result = await WaitAsync(stop, wait, cancellationToken);
            return new StopAnswer.Engaged(stop, result, repeated);
        }
        catch (LedgerUnavailableException)
        {
            brake.Help(stop); // Recorded, and the ledger is gone since: what can be cancelled without it is.
            return new StopAnswer.Engaged(stop, brake.Helped(stop) ?? EmergencyStopResult.From(stop, [], time.GetUtcNow()), repeated);
        }
    }

    private async Task<UserId?> OwnerAsync(StrategyId strategy)
    {
        try
        {
            var found = await LedgerPatience.WithinAsync(
                () => ledger.FindStrategyAsync(strategy, CancellationToken.None).AsTask(), options.Value.EngageWait, time);
            return found?.User;
        }
        catch (LedgerUnavailableException)
        {
            return mirror.OwnerOf(strategy);
        }
    }

    /// <summary>A notice only: the strategies that this release resumed may trade already.</summary>
    private async Task TellResumedAsync(Stop stop, ReleaseAnswer.Released released)
    {
        try
        {
            var paused = (await ledger.OutcomesAsync(stop.Id, CancellationToken.None))
                .Where(o => o is { Kind: ObligationKind.Strategy, Outcome: OutcomeKind.Paused })
                .Select(o => StrategyId.Parse(o.Item)).Except(released.StillPaused).ToArray();
            await FanOut.InWindowsAsync(paused, ToldAtOnce, s => grains.GetGrain<IStrategyGrain>(s.Value).TellResumedAsync(stop.Id, CancellationToken.None));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotTold(e, stop.Id);
        }
    }

    private async Task TellCoordinatorAsync(Stop stop, CancellationToken cancellationToken)
    {
        try
        {
            await Coordinator(stop).CarryOnAsync(stop.Id).WaitAsync(LongestAsk, time, cancellationToken);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The gate is closed; every process's background reader takes up a stop that nobody carries on.
            LogUnreachable(e, stop.Id, stop.Target);
        }
    }

    /// <summary>Asks in waits shorter than a call's timeout; whatever a grain answers, the ledger has the result.</summary>
    private async Task<EmergencyStopResult> WaitAsync(Stop stop, TimeSpan wait, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var left = wait; stop.State == StopState.Working && left > TimeSpan.Zero; left = wait - time.GetElapsedTime(began))
        {
            var ask = left < LongestAsk ? left : LongestAsk;
            try
            {
                await Coordinator(stop).WaitAsync(stop.Id, ask).WaitAsync(ask + PollEvery, time, cancellationToken);
            }
            catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
            {
                await Task.Delay(PollEvery < left ? PollEvery : left, time, cancellationToken);
            }

            stop = await ledger.FindStopAsync(stop.Id, cancellationToken) ?? stop;
        }

        return EmergencyStopResult.From(
            stop, await ledger.OutcomesAsync(stop.Id, cancellationToken), time.GetUtcNow(), warnings.Of(stop.Target, stop.Options));
    }

    private IEmergencyStopCoordinatorGrain Coordinator(Stop stop) => grains.GetGrain<IEmergencyStopCoordinatorGrain>(stop.Target.Value);

    [LoggerMessage(EventIds.StopEngaged, LogLevel.Warning, "Stop {StopId}: the gate on {Target} is closed at number {Number}, by {By}, {ReasonCode}: {Reason}")]
    private partial void LogEngaged(StopId stopId, StopTarget target, long number, string by, EmergencyStopReason reasonCode, string reason);

    [LoggerMessage(EventIds.CoordinatorUnreachable, LogLevel.Error, "Stop {StopId}: the coordinator of {Target} did not answer; the gate is closed and the stop is taken up by the background reader")]
    private partial void LogUnreachable(Exception e, StopId stopId, StopTarget target);

    [LoggerMessage(EventIds.NoticeFailed, LogLevel.Error, "Stop {StopId} is released, but not every strategy could be told that it was resumed")]
    private partial void LogNotTold(Exception e, StopId stopId);

    [LoggerMessage(EventIds.StopNarrowed, LogLevel.Warning, "Stop {StopId} on {Target} is narrowed to {Holds} by {By} with {Unmet} debts: {Reason}")]
    private partial void LogNarrowed(StopId stopId, StopTarget target, string holds, string by, int unmet, string reason);

    [LoggerMessage(EventIds.StopReleased, LogLevel.Warning, "Stop {StopId} on {Target} is released by {By}: {Reason}; {StillHeld} other latches still hold")]
    private partial void LogReleased(StopId stopId, StopTarget target, string by, string reason, int stillHeld);
}
