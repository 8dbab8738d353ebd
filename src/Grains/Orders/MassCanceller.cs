using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Orders;

/// <summary>Uses the venue's own mass cancel where its scope is exactly the stop's, and owes its answer (F2).</summary>
/// <remarks>
/// Its answer is evidence about no order; it only saves calls. One that goes unanswered may still take effect, so it is an
/// obligation of its own, recorded before it is sent: the stop cannot be released while it might hit somebody's new order.
/// It is written within a send window that begins before the record, or never.
/// </remarks>
internal sealed class MassCanceller(UserBook book)
{
    private readonly Dictionary<(StopId Stop, int Attempt), Task<DateTimeOffset?>> _asked = [];

    /// <summary>Asks once per stop and sweep, if it may; the calls that one sweep is cut into share the asking.</summary>
    /// <returns>When it was sent (UTC); <c>null</c> when it was not.</returns>
    public async Task<DateTimeOffset?> AskAsync(SweepCommand command)
    {
        var key = (command.Stop, command.Attempt);
        if (_asked.TryGetValue(key, out var asked))
        {
            return await asked;
        }

        if (!command.WholeAccount || command.Orders.Length < book.Options.MassCancelFrom || book.Venue.Description.MassCancel != MassCancelScope.Account)
        {
            return null;
        }

        var asking = AskOnceAsync(command);
        _asked[key] = asking;
        try
        {
            return await asking;
        }
        finally
        {
            _asked.Remove(key);
        }
    }

    private async Task<DateTimeOffset?> AskOnceAsync(SweepCommand command)
    {
        var outcomes = await book.Ledger.OutcomesAsync(command.Stop, CancellationToken.None);
        var unanswered = outcomes.Any(o => o.Kind == ObligationKind.MassCancel && o.Item == book.Account.Value && !o.Outcome.IsMet());
        if (unanswered || !await ReachesOnlySweptAsync(command))
        {
            return null; // It would reach what is not in this stop's sweep, or one is under way.
        }

        using var window = new SendWindow(book.Time, book.Options.SendWindow); // Before the record: the debt is settled by what it says.
        await RecordAsync(command, window, OutcomeKind.Unknown, "asked", "the venue was asked to cancel everything and has not answered");
        if (!await ReachesOnlySweptAsync(command))
        {
            // From the record on nothing is let in that it could hit; what came before it is seen now.
            await RecordAsync(command, window, OutcomeKind.Ended, null, "it was never sent: orders outside of this stop may be in the account");
            return null;
        }

        var sentAt = book.Time.GetUtcNow();
        switch (await book.Venue.CancelAllAsync(book.Account, new MassCancelPermit(window), CancellationToken.None))
        {
            case MassCancelOutcome.Answered a:
                await RecordAsync(command, window, OutcomeKind.Ended, null, $"the venue has answered for {a.Asked} orders, refusing {a.Refused}");
                return sentAt;
            case MassCancelOutcome.NotSent n:
                await RecordAsync(command, window, OutcomeKind.Ended, null, $"it was never sent: {n.Reason}");
                return null;
            case MassCancelOutcome.Unknown u:
                await RecordAsync(command, window, OutcomeKind.Unknown, u.Phase.ToString().ToLowerInvariant(), u.Reason);
                return sentAt;
            case var other:
                throw new InvalidOperationException($"Mass cancel outcome {other.GetType().Name} is not known.");
        }
    }

    private async Task<bool> ReachesOnlySweptAsync(SweepCommand command)
    {
        var active = await book.Ledger.ActiveOrdersAsync(book.User, CancellationToken.None);
        return await book.Ledger.FindStopAsync(command.Stop, CancellationToken.None) is { } stop && stop.CoversWholeBook(book.User)
            && !active.Any(o => o.Origin == OrderOrigin.Closing || !(stop.Owes(o) || (o.Origin == OrderOrigin.Adopted && o.Stop == stop.Id)));
    }

    private async Task RecordAsync(SweepCommand command, SendWindow window, OutcomeKind kind, string? phase, string reason)
    {
        var now = book.Time.GetUtcNow();
        var outcome = new ItemOutcome(
            ObligationKind.MassCancel,
            book.Account.Value,
            kind,
            now,
            window.Elapsed,
            null,
            phase,
            reason,
            command.Attempt,
            kind == OutcomeKind.Unknown ? now + book.Options.UnclearWait(book.Venue.Description.VisibilityBound) - window.Elapsed : null);
        await book.Ledger.RecordOutcomesAsync(command.Stop, [outcome], CancellationToken.None);
    }
}
