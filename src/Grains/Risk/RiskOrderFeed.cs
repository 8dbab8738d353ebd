using System.Collections.Immutable;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ledger;
using EmergencyStop.Risk;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;

namespace EmergencyStop.Grains.Risk;

/// <summary>Follows the changes of orders in every process and hands them to the guards: nothing of it is on an order's own way.</summary>
/// <remarks>It begins with what comes after the start of the process: windows are empty then. A guard passes over what another process has handed it.</remarks>
public sealed class RiskOrderFeed(
    ILedger ledger, IGrainFactory grains, RiskRules rules, RiskAnnouncements announcements, TimeProvider time, IOptions<RiskOptions> options) : BackgroundService
{
    /// <summary>Between two pages, so that what comes meanwhile is one page.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    /// <summary>After the last change there can be.</summary>
    private const long TheEnd = long.MaxValue - 1;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? after = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                after = rules.All.Any(r => r.Rule.IsRate) ? await FollowAsync(after, stoppingToken) : null;
                await Task.Delay(after is null ? options.Value.RulesEvery : Breath, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (e is not LedgerUnavailableException)
                {
                    announcements.ReaderFailed(e);
                }

                await Task.Delay(options.Value.RulesEvery, time, CancellationToken.None);
            }
        }
    }

    /// <summary>Hands the next page out.</summary>
    /// <returns>Up to where it has come.</returns>
    private async Task<long> FollowAsync(long? after, CancellationToken cancellationToken)
    {
        if (after is not { } from)
        {
            return (await ledger.OrderCountsAsync(TheEnd, cancellationToken)).Last;
        }

        try
        {
            // The rules may go meanwhile: nobody waits for an order for ever.
            await ledger.OrderEventsAfterAsync(from, cancellationToken).WaitAsync(options.Value.RulesEvery, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return from;
        }

        var page = await ledger.OrderCountsAsync(from, cancellationToken);
        var users = page.Orders.GroupBy(e => e.User).Where(g => rules.Of(g.Key).Any(r => r.Rule.IsRate)).ToImmutableArray();
        await FanOut.InWindowsAsync(users, options.Value.Window, async user =>
        {
            await grains.GetGrain<IRiskGuardGrain>(user.Key.Value).ObserveAsync(
                [.. user.Select(e => new RiskOrderEvent(e.Id, e.At, e.Strategy, e.Rejected))]);
            return true;
        });
        return page.Through;
    }
}
