using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Orders;

/// <summary>Sweeps the ledger rows that a stop hands down: one outcome each, recorded with its evidence.</summary>
internal sealed class OrderSweeper(UserBook book, UnclearOrders unclear, MassCanceller all)
{
    private DateTimeOffset? _lastOrderSentAt;

    /// <summary>Sweeps; a bounded number of cancels is under way at once.</summary>
    public async Task<SweepReport> SweepAsync(SweepCommand command)
    {
        var massCancelAt = await all.AskAsync(command);
        var ended = massCancelAt is null ? [] : await EndedByItAsync(command);
        var left = SweepOrder.ByExposure(command.Orders.Where(o => !ended.ContainsKey(o.Id)));
        var ender = new OrderEnder(book, unclear);
        var began = book.Time.GetTimestamp();
        var outcomes = ImmutableArray.CreateBuilder<ItemOutcome>(command.Orders.Length);
        var confirming = new List<Ending.Confirming>();
        var settled = new List<Ending>(ended.Values);
        var next = 0;

        async Task WorkAsync()
        {
            while (next < left.Length)
            {
                var row = left[next++];
                var ending = book.Time.GetElapsedTime(began) < book.Options.SweepBudget
                    ? await ender.BeginAsync(row)
                    : new Ending.Unmet(row, book.Time.GetTimestamp(), OutcomeKind.Unknown, "queued", "the venue takes cancels slowly; this one is next");
                if (ending is Ending.Confirming c)
                {
                    confirming.Add(c);
                }
                else
                {
                    settled.Add(ending);
                }
            }
        }

        var workers = Math.Min(book.Options.CancelWindow, left.Length);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync()));
        outcomes.AddRange(await RecordAsync(command, settled));
        outcomes.AddRange(await RecordAsync(command, await ender.ConfirmAsync(confirming)));
        return new(outcomes.ToImmutable(), ender.LastCancelSentAt ?? massCancelAt, _lastOrderSentAt);
    }

    /// <summary>After a mass cancel, one bulk read tells what it has ended; those need no cancel of their own.</summary>
    private async Task<Dictionary<OrderId, Ending>> EndedByItAsync(SweepCommand command)
    {
        var ended = new Dictionary<OrderId, Ending>();
        ImmutableArray<Order> resting = [.. command.Orders.Where(o => o.State == OrderState.Open)];
        var started = book.Time.GetTimestamp();
        var readings = await book.Venue.FindOrdersAsync(book.Account, [.. resting.Select(o => o.Id)], CancellationToken.None);
        foreach (var row in resting)
        {
            if (readings.GetValueOrDefault(row.Id) is Reading<VenueOrderReport>.Value shown
                && await book.ProveAsync(row.Id, shown.Is) is var evidence && !evidence.State.IsActive())
            {
                ended[row.Id] = new Ending.Proven(row, started, evidence, evidence.State, evidence.FilledQuantity);
            }
        }

        return ended;
    }

    private async Task<IReadOnlyList<ItemOutcome>> RecordAsync(SweepCommand command, IReadOnlyList<Ending> endings)
    {
        if (endings.Count == 0)
        {
            return [];
        }

        var now = book.Time.GetUtcNow();
        var outcomes = endings.Select(e => Outcome(e, command.Attempt, now)).ToImmutableArray();
        var evidence = endings.OfType<Ending.Proven>().Select(p => p.Evidence).OfType<OrderEvidence>().ToImmutableArray();
        var rows = await book.Ledger.RecordSweepAsync(command.Stop, evidence, outcomes, CancellationToken.None);
        await book.TakeReplacedAsync(rows);
        foreach (var row in rows)
        {
            book.Apply(row);
            _lastOrderSentAt = row.SentAt > _lastOrderSentAt || _lastOrderSentAt is null ? row.SentAt ?? _lastOrderSentAt : _lastOrderSentAt;
        }

        return outcomes;
    }

    private ItemOutcome Outcome(Ending ending, int attempt, DateTimeOffset now)
    {
        var item = ending.Row.Id.Value;
        var took = book.Time.GetElapsedTime(ending.Started);
        return ending switch
        {
            Ending.Proven p => new(
                ObligationKind.Order, item, Evidence.Outcome(p.State), now, took, p.Filled, Reason: p.Evidence?.Reason, Attempts: attempt, Inferred: p.Inferred),
            Ending.Unmet u => new(
                ObligationKind.Order, item, u.Kind, now, took, u.Row.FilledQuantity, u.Phase, u.Reason, attempt, u.NextTry),
            _ => throw new InvalidOperationException("An order still being confirmed has no outcome."),
        };
    }
}
