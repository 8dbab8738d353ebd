using System.Collections.Immutable;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace EmergencyStop.Grains.Stopping;

/// <summary>Hands the orders that a stop owes down to their users' grains, in bounded windows.</summary>
public sealed partial class SliceSweeper(
    IGrainFactory grains, AccountPatience patience, IOptions<StoppingOptions> options, ILogger<SliceSweeper> log)
{
    /// <summary>Sweeps these rows, whoever they belong to. A call that fails leaves its orders unmet and skips nobody else.</summary>
    public async Task<SliceReport> SweepAsync(Stop stop, ImmutableArray<Order> owed, int attempt)
    {
        if (owed.IsEmpty)
        {
            return new(0, 0, [], null, null);
        }

        var byUser = owed.ToLookup(o => o.Terms.User);
        var commands = byUser
            .Where(g => !patience.IsLate(stop.Id, g.Key)) // Its last sweep still goes on.
            .Select(g => (g.Key, Rows: SweepOrder.ByExposure(g)))
            .OrderByDescending(g => SweepOrder.Exposure(g.Rows[0]))
            .SelectMany(g => g.Rows.Chunk(options.Value.OrdersPerCall).Select(rows => (User: g.Key, Rows: rows.ToImmutableArray())))
            .ToArray();
        var reports = await FanOut.InWindowsAsync(commands, options.Value.FanOutWindow, c => CallAsync(stop, c.User, c.Rows, attempt));
        var met = reports.Sum(r => r?.Outcomes.Count(o => o.Outcome.IsMet()) ?? 0);
        return new(
            owed.Length,
            owed.Length - met,
            [.. byUser.Select(g => g.Key)],
            reports.Max(r => r?.LastCancelSentAt),
            reports.Max(r => r?.LastOrderSentAt),
            [.. byUser.Select(g => g.Key).Where(u => patience.IsLate(stop.Id, u))]);
    }

    private async Task<SweepReport?> CallAsync(Stop stop, UserId user, ImmutableArray<Order> rows, int attempt)
    {
        try
        {
            return await patience.WaitAsync(stop, user, grains.GetGrain<IUserGrain>(user.Value).SweepAsync(
                new(stop.Id, stop.Number, rows, attempt, stop.CoversWholeBook(user)), CancellationToken.None));
        }
        catch (LedgerUnavailableException)
        {
            return null; // Said once, by the ledger's watch.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogSliceFailed(e, stop.Id, user, rows.Length);
            return null;
        }
    }

    [LoggerMessage(EventIds.SliceFailed, LogLevel.Warning, "Stop {StopId}: sweeping {Orders} orders of {UserId} failed; they stay owed and are swept again")]
    private partial void LogSliceFailed(Exception e, StopId stopId, UserId userId, int orders);
}
