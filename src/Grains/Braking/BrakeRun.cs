using System.Collections.Concurrent;
using System.Collections.Immutable;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Grains.Braking;

/// <summary>One stop on the brake: looks at the venues and cancels what they show in scope, again and again, until it is ended.</summary>
/// <param name="stop">The stop.</param>
/// <param name="sight">What is seen without the ledger.</param>
/// <param name="pressedAfter">The highest number that memory knew of at the press, which came before the attempt at the ledger.</param>
/// <param name="log">The log.</param>
internal sealed partial class BrakeRun(Stop stop, BrakeSight sight, long pressedAfter, ILogger log)
{
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(1);
    private readonly ConcurrentDictionary<AccountId, AccountBrake> _accounts = new();
    private readonly long _before = Math.Min(pressedAfter, sight.LastRemembered);
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _massForbidden;

    /// <summary>Done once everything that was on its way must have shown up, and a look after that has found nothing.</summary>
    public Task Settled => _settled.Task;

    /// <summary>What the venues have shown, one outcome per item.</summary>
    public ImmutableArray<ItemOutcome> Outcomes => [.. Accounts.SelectMany(a => a.Outcomes), .. Blindness()];

    /// <summary>Mass cancels that may still arrive: debts of the stop, to be handed to the ledger.</summary>
    public ImmutableArray<ItemOutcome> MassCancels => [.. Accounts.Select(a => a.MassCancel).OfType<ItemOutcome>()];

    /// <summary>From here on orders are cancelled one by one: somebody else may release the stop, and a mass cancel would hit what comes after.</summary>
    public void ForbidMassCancels()
    {
        _massForbidden = true;
        foreach (var account in _accounts.Values)
        {
            account.ForbidMassCancel();
        }
    }

    /// <summary>Looks until <paramref name="ending"/>.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        if (!stop.Options.CancelOrders)
        {
            _settled.TrySetResult();
            return;
        }

        var began = sight.Time.GetTimestamp();
        var pause = sight.Options.FirstLook;
        while (!ending.IsCancellationRequested)
        {
            var settles = sight.Time.GetElapsedTime(began) >= sight.Settles; // Before the look, so that it is a fresh one.
            if (await TryLookAsync(ending) && settles && sight.Blind(stop) is null)
            {
                _settled.TrySetResult();
            }

            pause = _settled.Task.IsCompleted || pause * 2 > sight.Options.LookEvery ? sight.Options.LookEvery : pause * 2;
            await Task.Delay(pause < Left(began) ? pause : Left(began), sight.Time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The next look is due when what was on its way must have shown up, even if the pause is longer.</summary>
    /// <remarks>A delay below a millisecond is none: the last stretch would be one look after the other without a pause.</remarks>
    private TimeSpan Left(long began)
    {
        var left = sight.Settles - sight.Time.GetElapsedTime(began);
        return left <= TimeSpan.Zero ? sight.Options.LookEvery : left < ShortestDelay ? ShortestDelay : left;
    }

    private IEnumerable<AccountBrake> Accounts => _accounts.OrderBy(a => a.Key.Value, StringComparer.Ordinal).Select(a => a.Value);

    private ItemOutcome[] Blindness() => sight.Blind(stop) is { } why
        ? [new(ObligationKind.Verification, stop.Target.Value, OutcomeKind.Unknown, sight.Time.GetUtcNow(), TimeSpan.Zero, Phase: "memory", Reason: why)]
        : [];

    private async Task<bool> TryLookAsync(CancellationToken ending)
    {
        try
        {
            var accounts = sight.AccountsOf(stop.Target);
            var quiet = await FanOut.InWindowsAsync(accounts, sight.Options.AccountsAtOnce, account => LookAtAsync(account, ending));
            return quiet.All(q => q);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(e, stop.Id, stop.Target);
            return false;
        }
    }

    private async Task<bool> LookAtAsync(AccountId account, CancellationToken ending)
    {
        var brake = _accounts.GetOrAdd(account, a => new(stop, a, sight, _before));
        if (_massForbidden)
        {
            brake.ForbidMassCancel(); // It may have been made after the ban.
        }

        try
        {
            return await brake.LookAsync(ending);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A venue must not throw; one account that does skips no other.
            LogFailed(e, stop.Id, stop.Target);
            brake.Failed("the venue adapter failed");
            return false;
        }
    }

    [LoggerMessage(EventIds.BrakeFailed, LogLevel.Error, "Stop {StopId} on {Target}: a look at the venue failed; it is made again")]
    private partial void LogFailed(Exception e, StopId stopId, StopTarget target);
}
