using System.Collections.Immutable;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Orders;

/// <summary>Sweeps the ledger rows that a stop hands down: one outcome each, recorded with its evidence.</summary>
internal sealed class OrderSweeper(UserBook book, UnclearOrders unclear)
{
    /// <summary>Sweeps; a bounded number of cancels is under way at once.</summary>
    public async Task<SweepReport> SweepAsync(SweepCommand command)
    {
        var ender = new OrderEnder(book, unclear);
        var outcomes = ImmutableArray.CreateBuilder<ItemOutcome>(command.Orders.Length);
        var confirming = new List<Ending.Confirming>();
        var settled = new List<Ending>(command.Orders.Length);
        var next = 0;

        async Task WorkAsync()
        {
            while (next < command.Orders.Length)
            {
                var ending = await ender.BeginAsync(command.Orders[next++]);
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

        var workers = Math.Min(book.Options.CancelWindow, command.Orders.Length);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync()));
        outcomes.AddRange(await RecordAsync(command, settled));
        outcomes.AddRange(await RecordAsync(command, await ender.ConfirmAsync(confirming)));
        return new(outcomes.ToImmutable(), ender.LastCancelSentAt, null);
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
        foreach (var row in await book.Ledger.RecordSweepAsync(command.Stop, evidence, outcomes, CancellationToken.None))
        {
            book.Apply(row);
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
