using System.Collections.Immutable;
using EmergencyStop.Grains.Watching;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using EmergencyStop.Venues;
using Microsoft.Extensions.Options;
using Orleans;

namespace EmergencyStop.Grains.Stopping;

/// <summary>One pass of a stop: sweep and pause, verify against fresh venue snapshots, close if asked, result.</summary>
/// <remarks>
/// A pass keeps nothing but since when a debt is known: what is owed is asked of the ledger each time, so the same pass is
/// the first, the retry and the recovery after a crash between any two of its steps.
/// </remarks>
public sealed partial class StopFlow(
    ILedger ledger,
    IGrainFactory grains,
    SliceSweeper sweeper,
    AccountPatience patience,
    WatchedUsers watched,
    IAccountMap accounts,
    TimeProvider time,
    IOptions<StoppingOptions> options)
{
    private const int VerifyRounds = 3;
    private readonly KnownDebts _known = new(time);

    /// <summary>Runs one pass and records what the stop has come to.</summary>
    /// <param name="stop">The stop.</param>
    /// <param name="attempt">Which pass, from 1.</param>
    /// <returns>The stop after it.</returns>
    public async Task<Stop> PassAsync(Stop stop, int attempt)
    {
        var pausing = PauseAsync(stop);
        if (stop.Target.Symbol is not null)
        {
            // Which strategies trade a symbol is read off the orders that the sweep is about to end.
            await pausing;
        }

        var swept = stop.Options.CancelOrders ? await SweepAsync(stop, attempt) : new(0, 0, [], null, null);
        await pausing;

        var unmet = await UnmetAsync(stop);
        var first = attempt == 1 && !ClockReading.WasThrough(stop);
        var users = await UsersAsync(stop, swept, unmet, first);
        if (stop.Options.CancelOrders)
        {
            await SweepStraysAsync(stop, unmet, attempt);
            await DoubtAsync(stop, swept.Late.IsDefault ? [] : swept.Late);
            await VerifyAsync(stop, swept.Late.IsDefault ? users : [.. users.Except(swept.Late)], unmet, attempt);
            await RecordEndedMeanwhileAsync(stop, unmet, search: first);
        }

        var clocks = ClockReading.OfSweep(stop, swept);
        var owed = await OwedAsync(stop, includeProtective: false);
        clocks = owed.IsEmpty && stop.Options.CancelOrders ? clocks with { CancelsConfirmed = clocks.CancelsConfirmed ?? Since(stop) } : clocks;
        if (stop.Options.ClosePositions)
        {
            clocks = await CloseAsync(stop, users, owed, clocks, attempt);
        }

        return await FinishPassAsync(stop, clocks, owed.Length, searched: first, attempt);
    }

    /// <summary>The first sweep of many orders is spread over grains; what comes after it is of few orders mostly, and made here: no other grain may hold it up.</summary>
    private async Task<SliceReport> SweepAsync(Stop stop, int attempt)
    {
        var spreads = attempt == 1 && stop.NextTry is null;
        switch (stop.Target.Scope)
        {
            case EmergencyStopScope.Strategy when spreads && stop.Target.Strategy is { } strategy:
                return await InTimeAsync(grains.GetGrain<IStrategyGrain>(strategy.Value).SweepAsync(stop, attempt, CancellationToken.None));
            case EmergencyStopScope.Symbol when spreads && stop.Target.Symbol is { } symbol:
                return await InTimeAsync(grains.GetGrain<ISymbolGrain>(symbol.Value).SweepAsync(stop, attempt, CancellationToken.None));
            case EmergencyStopScope.System when spreads:
                return await SweepPartitionsAsync(stop, attempt);
            default:
                var owed = await OwedAsync(stop, includeProtective: false);
                return stop.Target.Scope == EmergencyStopScope.System && owed.Length > options.Value.OrdersPerCall
                    ? await SweepPartitionsAsync(stop, attempt)
                    : await sweeper.SweepAsync(stop, owed, attempt);
        }
    }

    /// <summary>What a part of the sweep came to; one that does not answer in time is owed, and its own grain goes on with it.</summary>
    private async Task<SliceReport> InTimeAsync(Task<SliceReport> slice)
    {
        await ((Task)slice).WaitAsync(options.Value.SliceWait, time)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        return slice.IsCompleted ? await slice : new(0, 0, [], null, null);
    }

    private async Task<SliceReport> SweepPartitionsAsync(Stop stop, int attempt)
    {
        var slices = await FanOut.InWindowsAsync(
            [.. Enumerable.Range(0, Partitions.Count)],
            Partitions.Count,
            p => InTimeAsync(grains.GetGrain<IStopPartitionGrain>($"{stop.Id}/{p}").SweepAsync(stop, attempt, CancellationToken.None)));
        return new(
            slices.Sum(s => s.Swept),
            slices.Sum(s => s.Unmet),
            [.. slices.SelectMany(s => s.Users)],
            slices.Max(s => s.LastCancelSentAt),
            slices.Max(s => s.LastOrderSentAt),
            [.. slices.Where(s => !s.Late.IsDefault).SelectMany(s => s.Late)]);
    }

    /// <summary>An order that two stops found at once is adopted for one of them; the other, once it has tried and failed to end it, owes it as well.</summary>
    private async Task SweepStraysAsync(Stop stop, ImmutableArray<ItemOutcome> unmet, int attempt)
    {
        var strays = (await OrdersAsync(stop, unmet)).Where(o => o is { Origin: OrderOrigin.Adopted } && o.State.IsActive() && o.Stop != stop.Id && stop.Covers(o.Terms));
        await sweeper.SweepAsync(stop, [.. strays], attempt);
    }

    private async Task PauseAsync(Stop stop)
    {
        if (!stop.Options.PauseStrategies || !stop.HoldsLatch || stop.Narrowed is not null)
        {
            return; // Whoever came after a release, or where the gate has opened, runs.
        }

        var started = time.GetUtcNow();
        var paused = await ledger.OutcomesAsync(stop.Id, CancellationToken.None);
        var done = paused.Where(o => o.Kind == ObligationKind.Strategy && o.Outcome.IsMet()).Select(o => o.Item).ToHashSet(StringComparer.Ordinal);
        var strategies = await ledger.StrategiesInAsync(stop.Target, CancellationToken.None);
        var open = strategies
            .Where(s => !stop.SparesStrategy(s.Id, s.User))
            .Where(s => !done.Contains(s.Id.Value) || (stop.Again is not null && !s.Pauses.Any(p => p.Target == stop.Target)))
            .ToArray();
        foreach (var chunk in open.Chunk(options.Value.FanOutWindow))
        {
            await ledger.PauseAsync(stop, [.. chunk.Select(s => s.Id)], started, CancellationToken.None);
        }

        // The pause is the ledger's number; telling the strategy is a notice, whose failure changes nothing.
        Strategy[] told = [.. open.Where(s => s.CallbackUrl is not null)];
        Task telling = FanOut.InWindowsAsync(told, options.Value.FanOutWindow, s => grains.GetGrain<IStrategyGrain>(s.Id.Value).TellPausedAsync(stop.Id, CancellationToken.None));
        await telling.WaitAsync(options.Value.AccountWait, time).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Whose accounts are read after the sweep: all in scope at first, then those that owe something.</summary>
    private async Task<ImmutableArray<UserId>> UsersAsync(Stop stop, SliceReport swept, ImmutableArray<ItemOutcome> unmet, bool first)
    {
        if (stop.Target.User is { } only)
        {
            return [only];
        }

        var users = swept.Users.ToHashSet();
        users.UnionWith(unmet
            .Where(o => o.Kind is ObligationKind.Verification or ObligationKind.Position or ObligationKind.MassCancel)
            .Select(o => accounts.UserOf(AccountId.Parse(o.Item.Split('/')[0]))));
        if (first)
        {
            users.UnionWith((await watched.OfAsync(stop.Target, CancellationToken.None)).Where(stop.HoldsSomeOf));
        }

        return [.. users];
    }

    private async Task VerifyAsync(Stop stop, ImmutableArray<UserId> users, ImmutableArray<ItemOutcome> unmet, int attempt)
    {
        var doubted = unmet.Where(o => o.Kind == ObligationKind.Verification).Select(o => o.Item).ToHashSet(StringComparer.Ordinal);
        for (var round = 0; round < VerifyRounds && !users.IsEmpty; round++)
        {
            var reports = await FanOut.InWindowsAsync(users, options.Value.FanOutWindow, u => VerifyUserAsync(stop, u, doubted, attempt));
            var waived = await WaivedAsync(stop);
            ImmutableArray<Order> open = [.. reports.SelectMany(r => r.StillOpen).Where(o => !waived.Contains(o.Id.Value))];
            await sweeper.SweepAsync(stop, open, attempt);
            users = [.. open.Select(o => o.Terms.User).Distinct().Where(u => !patience.IsLate(stop.Id, u))];
            if (round == 0)
            {
                await SettleMassCancelsAsync(stop, unmet, reports);
            }
        }
    }

    /// <summary>An account whose cancels go on by themselves is read once they are through; until then the debt is named.</summary>
    private Task DoubtAsync(Stop stop, ImmutableArray<UserId> late) => ledger.RecordOutcomesAsync(
        stop.Id,
        [.. late.Select(u => new ItemOutcome(
            ObligationKind.Verification, accounts.AccountOf(u).Value, OutcomeKind.Unknown, time.GetUtcNow(), TimeSpan.Zero,
            Phase: "sweep", Reason: "its cancels are still under way"))],
        CancellationToken.None);

    /// <summary>A mass cancel that went unanswered is over once it cannot arrive any more and its account was read since.</summary>
    private async Task SettleMassCancelsAsync(Stop stop, ImmutableArray<ItemOutcome> unmet, VerifyReport[] reports)
    {
        var now = time.GetUtcNow();
        var read = reports.Where(r => r.Readable).Select(r => r.Account.Value).ToHashSet(StringComparer.Ordinal);
        var over = unmet
            .Where(o => o.Kind == ObligationKind.MassCancel && _known.Left(stop.Id, o) == TimeSpan.Zero && read.Contains(o.Item))
            .Select(o => o with { Outcome = OutcomeKind.Ended, At = now, Phase = null, Reason = "it cannot arrive any more, and the account was read since", NextTry = null });
        await ledger.RecordOutcomesAsync(stop.Id, [.. over], CancellationToken.None);
    }

    private async Task<VerifyReport> VerifyUserAsync(Stop stop, UserId user, HashSet<string> doubted, int attempt)
    {
        var started = time.GetTimestamp();
        var account = accounts.AccountOf(user).Value;
        VerifyReport report;
        try
        {
            var verifying = grains.GetGrain<IUserGrain>(user.Value).VerifyAsync(new(stop), CancellationToken.None);
            report = await patience.WaitAsync(stop, user, verifying)
                ?? new(accounts.AccountOf(user), false, "the account could not be read in time", []);
        }
        catch (TimeoutException)
        {
            report = new(accounts.AccountOf(user), false, "the user's grain did not answer in time", []);
        }

        // Only what could not be read is owed; reading it later pays the debt.
        if (!report.Readable || doubted.Contains(account))
        {
            var outcome = new ItemOutcome(
                ObligationKind.Verification,
                account,
                report.Readable ? OutcomeKind.Ended : OutcomeKind.Unknown,
                time.GetUtcNow(),
                time.GetElapsedTime(started),
                Phase: report.Readable ? null : "snapshot",
                Reason: report.Readable ? "the account could be read" : report.Why,
                Attempts: attempt);
            await ledger.RecordOutcomesAsync(stop.Id, [outcome], CancellationToken.None);
        }

        return report;
    }

    /// <summary>Orders that were alive at the stop's number and ended by themselves get their outcome too.</summary>
    /// <remarks>The search reads all that has ended since the stop, so only the first and the last pass make it; those between look at unmet outcomes.</remarks>
    private async Task RecordEndedMeanwhileAsync(Stop stop, ImmutableArray<ItemOutcome> unmet, bool search)
    {
        var ended = search ? await ledger.EndedMeanwhileAsync(stop, CancellationToken.None) : [.. (await OrdersAsync(stop, unmet)).Where(o => !o.State.IsActive())];
        var outcomes = ended.Select(o => new ItemOutcome(
            ObligationKind.Order,
            o.Id.Value,
            Orders.Evidence.Outcome(o.State),
            o.UpdatedAt,
            o.UpdatedAt > stop.Request.RequestedAt ? o.UpdatedAt - stop.Request.RequestedAt : TimeSpan.Zero,
            o.FilledQuantity,
            Reason: o.Reason,
            Inferred: OrderEvidence.IsInferred(o)));
        await ledger.RecordOutcomesAsync(stop.Id, [.. outcomes], CancellationToken.None);
    }

    private async Task<ImmutableArray<Order>> OrdersAsync(Stop stop, ImmutableArray<ItemOutcome> unmet) =>
        unmet.Any(o => o.Kind == ObligationKind.Order) ? await ledger.UnmetOrdersAsync(stop.Id, CancellationToken.None) : [];

    private async Task<Stop> FinishPassAsync(Stop stop, StopClocks clocks, int owed, bool searched, int attempt)
    {
        var unmet = await UnmetAsync(stop);
        var met = !patience.AnyLate(stop.Id)
            && unmet.IsEmpty
            && (!stop.Options.CancelOrders || (await OwedAsync(stop, includeProtective: false)).IsEmpty);
        if (met && !searched && stop.Options.CancelOrders)
        {
            await RecordEndedMeanwhileAsync(stop, [], search: true);
        }

        var barren = _known.Barren(stop.Id, owed + unmet.Length, begins: attempt == 1);
        if (met)
        {
            _known.Forget(stop.Id);
        }

        var patient = stop.State == StopState.Working && time.GetUtcNow() - stop.WorkingSince < options.Value.Patience;
        var state = met ? StopState.Completed : patient ? StopState.Working : StopState.Outstanding;
        var unprotected = await ledger.UnprotectedAsync(stop.Id, CancellationToken.None);
        var now = time.GetUtcNow();
        var backoff = options.Value.Backoff(1 + barren);
        var wait = RetryPlan.Wait([.. unmet.Select(o => o.Kind == ObligationKind.MassCancel ? now + _known.Left(stop.Id, o) : o.NextTry)], now, backoff, options.Value.LongestWait);
        return await ledger.EndPassAsync(stop, new(state, clocks, unprotected, now, now + wait), CancellationToken.None);
    }

    private async Task<HashSet<string>> WaivedAsync(Stop stop) => (await ledger.OutcomesAsync(stop.Id, CancellationToken.None))
        .Where(o => o is { Kind: ObligationKind.Order, Outcome: OutcomeKind.Waived }).Select(o => o.Item).ToHashSet(StringComparer.Ordinal);

    private async Task<ImmutableArray<ItemOutcome>> UnmetAsync(Stop stop) =>
        [.. (await ledger.OutcomesAsync(stop.Id, CancellationToken.None)).Where(o => !o.Outcome.IsMet())];

    private Task<ImmutableArray<Order>> OwedAsync(Stop stop, bool includeProtective) =>
        ledger.OwedAsync(stop, includeProtective, null, CancellationToken.None);

    private TimeSpan Since(Stop stop) => time.GetUtcNow() - stop.Request.RequestedAt;
}
