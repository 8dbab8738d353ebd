using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Stopping;

/// <content>Closing positions, after the cancels.</content>
public sealed partial class StopFlow
{
    private async Task<StopClocks> CloseAsync(Stop stop, ImmutableArray<UserId> users, ImmutableArray<Order> owed, StopClocks clocks, int attempt)
    {
        var waiting = owed.Select(o => o.Terms.User).ToHashSet();
        var owing = (await UnmetAsync(stop)).Where(o => o.Kind == ObligationKind.Position)
            .Select(o => accounts.UserOf(AccountId.Parse(o.Item.Split('/')[0]))).ToHashSet();
        var ready = users.Where(u => !waiting.Contains(u) && (stop.HoldsSomeOf(u) || owing.Contains(u))).ToImmutableArray();
        var late = ready.Where(u => patience.IsLate(stop.Id, u)).ToImmutableArray();
        ready = [.. ready.Except(late)];
        var flat = await FanOut.InWindowsAsync(ready, options.Value.FanOutWindow, u => FlattenUserAsync(stop, u));
        waiting.UnionWith(late.Concat(ready.Where((_, i) => flat[i] is null)));
        await PostponeAsync(stop, waiting);

        var open = await IsAnyOpenAsync(stop);
        if (!open && stop.Options.KeepProtective)
        {
            open = await UnguardAsync(stop, waiting, attempt);
        }

        return open ? clocks : clocks with { Flat = clocks.Flat ?? Since(stop) };
    }

    private async Task<bool> IsAnyOpenAsync(Stop stop) => patience.AnyLate(stop.Id) || (await UnmetAsync(stop)).Any(o => o.Kind == ObligationKind.Position);

    /// <summary>All is flat: what guarded it goes. A guard may have traded since its account was looked at, so all of them are looked at once more (F5).</summary>
    /// <returns>Whether something is held again.</returns>
    private async Task<bool> UnguardAsync(Stop stop, IReadOnlyCollection<UserId> waiting, int attempt)
    {
        await sweeper.SweepAsync(stop, await OwedAsync(stop, includeProtective: true), attempt);
        var users = (await watched.OfAsync(stop.Target, CancellationToken.None)).Where(u => stop.HoldsSomeOf(u) && !waiting.Contains(u)).ToImmutableArray();
        await FanOut.InWindowsAsync(users, options.Value.FanOutWindow, u => FlattenUserAsync(stop, u));
        return await IsAnyOpenAsync(stop);
    }

    private Task<FlattenReport?> FlattenUserAsync(Stop stop, UserId user) =>
        patience.WaitAsync(stop, user, grains.GetGrain<IUserGrain>(user.Value).FlattenAsync(new(stop), CancellationToken.None));

    /// <summary>Positions are closed after the cancels are confirmed; until then the debt is named.</summary>
    private async Task PostponeAsync(Stop stop, IReadOnlyCollection<UserId> waiting)
    {
        var outcomes = waiting.Select(u => new ItemOutcome(
            ObligationKind.Position,
            $"{accounts.AccountOf(u)}/*",
            OutcomeKind.Unknown,
            time.GetUtcNow(),
            TimeSpan.Zero,
            Phase: "cancels",
            Reason: "positions are closed once every cancel is confirmed"));
        await ledger.RecordOutcomesAsync(stop.Id, [.. outcomes], CancellationToken.None);
    }
}
