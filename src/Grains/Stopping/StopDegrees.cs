using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;
using Microsoft.Extensions.Logging;
using Orleans;

namespace EmergencyStop.Grains.Stopping;

/// <summary>Takes what lies between stopped and released to the ledger, then tells the coordinator.</summary>
public sealed partial class StopDegrees(
    ILedger ledger, IGrainFactory grains, IAccountMap accounts, TimeProvider time, ILogger<StopDegrees> log) : IStopDegrees
{
    private const string OfficersOnly = "Only a risk officer may do this.";
    private static readonly TimeSpan LongestAsk = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task<ObligationPage> ObligationsAsync(ObligationQuery query, CancellationToken cancellationToken)
    {
        var account = query.User is { } user ? accounts.AccountOf(user) : (AccountId?)null;
        var page = await ledger.ObligationsAsync(query, account, time.GetUtcNow(), cancellationToken);
        return new([.. page.Items.Select(o => o with { User = o.User ?? DebtAccounts.UserOf(accounts, o.Item) })], page.NextCursor);
    }

    /// <inheritdoc/>
    public async Task<WaiveAnswer> WaiveAsync(WaiveRequest request, CancellationToken cancellationToken)
    {
        if (Authority.Of(request.By.Role, Deed.Waive) != Reach.All)
        {
            return new WaiveAnswer.Forbidden(OfficersOnly);
        }

        var answer = await ledger.WaiveAsync(request, CancellationToken.None);
        if (answer is WaiveAnswer.Waived waived)
        {
            LogWaived(request.Stop, waived.Stop.Target, request.Kind, request.Item, request.By.DisplayName, request.Reason);
        }

        return answer;
    }

    /// <inheritdoc/>
    public async Task<ExceptAnswer> ExceptAsync(ExceptRequest request, CancellationToken cancellationToken)
    {
        if (Authority.Of(request.By.Role, Deed.Except) != Reach.All)
        {
            return new ExceptAnswer.Forbidden(OfficersOnly);
        }

        var users = await DebtAccounts.OfAsync(ledger, accounts, request.Stop, cancellationToken);
        var answer = await ledger.ExceptAsync(request, users, CancellationToken.None);
        if (answer is ExceptAnswer.Done { Repeated: false } done)
        {
            LogExcepted(request.Stop, done.Stop.Target, request.Target, request.By.DisplayName, request.Reason);
        }

        return answer;
    }

    /// <inheritdoc/>
    public async Task<ExceptAnswer> PutBackAsync(ExceptRequest request, CancellationToken cancellationToken)
    {
        if (Authority.Of(request.By.Role, Deed.Except) != Reach.All)
        {
            return new ExceptAnswer.Forbidden(OfficersOnly);
        }

        // From here on nobody's impatience takes it back.
        var answer = await ledger.PutBackAsync(request, CancellationToken.None);
        if (answer is ExceptAnswer.Done { Repeated: false } done)
        {
            LogPutBack(request.Stop, done.Stop.Target, request.Target, request.By.DisplayName, request.Reason);
            await TellCoordinatorAsync(done.Stop);
        }

        return answer;
    }

    /// <inheritdoc/>
    public async Task<EscalateAnswer> EscalateAsync(EscalateRequest request, CancellationToken cancellationToken)
    {
        if (await ledger.FindStopAsync(request.Stop, cancellationToken) is not { } stop)
        {
            return new EscalateAnswer.NotFound();
        }

        var owner = stop.Target.Strategy is { } strategy ? (await ledger.FindStrategyAsync(strategy, cancellationToken))?.User : null;
        if (StopAuthority.RefuseStop(request.By, stop.Target, owner) is { } why)
        {
            return new EscalateAnswer.Forbidden(why);
        }

        var answer = await ledger.EscalateAsync(request, CancellationToken.None);
        if (answer is EscalateAnswer.Escalated { Repeated: false } escalated)
        {
            LogEscalated(request.Stop, stop.Target, request.By.DisplayName, request.Reason);
            await TellCoordinatorAsync(escalated.Stop);
        }

        return answer;
    }

    private async Task TellCoordinatorAsync(Stop stop)
    {
        try
        {
            await grains.GetGrain<IEmergencyStopCoordinatorGrain>(stop.Target.Value).AgainAsync(stop.Id).WaitAsync(LongestAsk, time);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It stands in the ledger; every process's background reader takes up a stop that nobody carries on.
            LogUnreachable(e, stop.Id, stop.Target);
        }
    }

    [LoggerMessage(EventIds.ObligationWaived, LogLevel.Warning, "Stop {StopId} on {Target}: {Kind} {Item} is waived by {By}: {Reason}")]
    private partial void LogWaived(StopId stopId, StopTarget target, ObligationKind kind, string item, string by, string reason);

    [LoggerMessage(EventIds.StopExcepted, LogLevel.Warning, "Stop {StopId} on {Target}: {Except} is carved out by {By} and may trade: {Reason}")]
    private partial void LogExcepted(StopId stopId, StopTarget target, StopTarget except, string by, string reason);

    [LoggerMessage(EventIds.StopPutBack, LogLevel.Warning, "Stop {StopId} on {Target}: {Except} is put back by {By}, its gate is closed: {Reason}")]
    private partial void LogPutBack(StopId stopId, StopTarget target, StopTarget except, string by, string reason);

    [LoggerMessage(EventIds.StopEscalated, LogLevel.Warning, "Stop {StopId} on {Target} closes positions too, by {By}: {Reason}")]
    private partial void LogEscalated(StopId stopId, StopTarget target, string by, string reason);

    [LoggerMessage(EventIds.CoordinatorUnreachable, LogLevel.Error, "Stop {StopId}: the coordinator of {Target} did not answer; the stop is taken up by the background reader")]
    private partial void LogUnreachable(Exception e, StopId stopId, StopTarget target);
}
