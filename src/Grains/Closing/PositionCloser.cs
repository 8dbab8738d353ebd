using System.Collections.Immutable;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Closing;

/// <summary>Closes one symbol of one account for one stop: one attempt after the other, each proven ended before the next.</summary>
internal sealed class PositionCloser(UserBook book, OrderSender sender, UnclearOrders unclear, Stop stop, Symbol symbol)
{
    private const string Gone = "the stop no longer holds this part";
    private readonly long _started = book.Time.GetTimestamp();
    private string? _lastRefusal;
    private bool _unguarded;
    private bool _isGone;

    /// <summary>Tries until flat, blocked, or out of attempts for this pass.</summary>
    public async Task<ItemOutcome> CloseAsync()
    {
        decimal? expected = null;
        for (var attempt = 0; ; attempt++)
        {
            if (await EndAllAsync() is { } unfinished)
            {
                return Outcome(OutcomeKind.Unknown, await ClosingsAsync(), "closing", unfinished);
            }

            var closings = await ClosingsAsync();
            if (!stop.Refuses(new(book.User, stop.Target.Strategy, symbol, OrderSide.Buy, 1, OrderType.Market)))
            {
                return Outcome(OutcomeKind.Ended, closings, null, Gone); // Opened since; nor is what works here now cancelled.
            }

            var last = await book.Ledger.LastClosingAsync(book.Account, symbol, CancellationToken.None); // Before the position is read.
            if (last?.State.IsActive() == true && await WhyNotYetAsync(last) is { } notYet)
            {
                return Outcome(OutcomeKind.Unknown, closings, "closing", notYet);
            }

            var look = await ClosingLook.ReadAsync(book, stop, symbol);
            if (look.Unreadable is { } phase)
            {
                return Outcome(OutcomeKind.Unknown, closings, phase, look.Why);
            }

            if (expected is { } should && should != look.Position && look.Attributed is null)
            {
                return Outcome(OutcomeKind.Unknown, closings, "position", $"the venue shows {look.Position} where its fills make {should}");
            }

            switch (ClosingPlan.Of(look.Position, look.Attributed, look.InScope, look.Others))
            {
                case ClosingPlan.Flat:
                    return Outcome(OutcomeKind.Closed, closings, null, null);
                case ClosingPlan.Blocked blocked:
                    return Outcome(blocked.MayResolve ? OutcomeKind.Unknown : OutcomeKind.Failed, closings, blocked.Phase, blocked.Why);
                case ClosingPlan.Trade when attempt >= book.Options.ClosingAttempts:
                    return Outcome(OutcomeKind.Failed, closings, "attempts", _lastRefusal ?? $"not flat after {attempt} closing orders");
                case ClosingPlan.Trade when look.Price is null:
                    return Outcome(OutcomeKind.Unknown, closings, "price", "no price to put a collar around");
                case ClosingPlan.Trade when await ClosedUntilAsync() is { } opens:
                    return Outcome(OutcomeKind.Failed, closings, "market_closed", $"the market is closed; it opens at {opens:u}") with { NextTry = opens };
                case ClosingPlan.Trade when look.Kept.Count > 0 && _unguarded:
                    return Outcome(OutcomeKind.Unknown, closings, "working", "a protective order that could trade beside the closing order is still working");
                case ClosingPlan.Trade when look.Kept.Count > 0:
                    await UnguardAsync(look.Kept);
                    attempt--;
                    break;
                case ClosingPlan.Trade trade:
                    var sent = await SendAsync(trade.Signed, look.Price.Value, closings.Length + 1, last?.Id);
                    if (sent is null && _isGone)
                    {
                        // Nothing was owed when the latch went, so this pass is late: what is held now was opened since.
                        return Outcome(OutcomeKind.Ended, closings, null, Gone);
                    }

                    if (sent is null)
                    {
                        return Outcome(OutcomeKind.Unknown, closings, "closing", "another stop is closing this position");
                    }

                    expected = sent.State.IsActive() ? null : look.Position + (Math.Sign(trade.Signed) * sent.FilledQuantity);
                    break;
                default:
                    throw new InvalidOperationException("This plan is not known.");
            }
        }
    }

    /// <summary>Why this stop has to wait for an unfinished closing order of another one; <c>null</c> when it waits no more.</summary>
    private async Task<string?> WhyNotYetAsync(Order closing) => await IsGivenUpAsync(closing)
        ? await EndAsync(closing)
        : "another stop, or another pass of this one, is closing this position";

    /// <summary>Whether somebody gave up the debt that this closing order of another stop was to pay: nobody ends it then but whoever still owes the position.</summary>
    private async Task<bool> IsGivenUpAsync(Order closing) => closing.Stop is { } other && other != stop.Id
        && (await book.Ledger.OutcomesAsync(other, CancellationToken.None)).Any(o => o is { Kind: ObligationKind.Position, Outcome: OutcomeKind.Waived }
            && (o.Item == $"{book.Account}/{symbol}" || o.Item == $"{book.Account}/*"));

    private async Task<DateTimeOffset?> ClosedUntilAsync() =>
        await book.Venue.ClockAsync(book.Account, CancellationToken.None) is Reading<MarketClock>.Value clock ? clock.Is.ClosedUntil(symbol) : null;

    /// <summary>Where the venue does not keep both orders from passing zero, the guard goes in the moment before the closing order.</summary>
    private async Task UnguardAsync(IReadOnlyCollection<Order> kept)
    {
        _unguarded = true;
        await new OrderSweeper(book, unclear, new MassCanceller(book)).SweepAsync(new(stop.Id, stop.Number, [.. kept], 1, WholeAccount: false));
    }

    private Task<ImmutableArray<Order>> ClosingsAsync() =>
        book.Ledger.ClosingsAsync(stop.Id, book.Account, symbol, CancellationToken.None);

    /// <summary>Sends the next attempt; <c>null</c> when it is not this stop's turn.</summary>
    /// <remarks>The position is an old one where any stop's closing order came after <paramref name="last"/>.</remarks>
    private async Task<Order?> SendAsync(decimal signed, decimal price, int attempt, OrderId? last)
    {
        var terms = ClosingPlan.Terms(book.User, stop.Target.Strategy, symbol, signed, price, book.Options.ClosingCollarPercent);
        var id = ClosingId.Of(stop.Id, book.Account, symbol, attempt);
        if (book.Find(id) is not null)
        {
            return null; // Another pass of this stop in this activation is sending this very attempt.
        }

        var entry = new BookEntry(id, terms, book.Account);
        sender.Prepare(entry, terms, passesGate: true);
        var inserted = false;
        try
        {
            var answer = await book.Ledger.InsertClosingAsync(
                new(id, terms, book.Account, book.Time.GetUtcNow()) { LastClosing = last }, stop.Id, attempt, CancellationToken.None);
            _isGone = answer is ClosingAnswer.LatchGone;
            if (answer is not ClosingAnswer.Inserted mine)
            {
                return null;
            }

            inserted = true;
            var row = await sender.SendAsync(entry, mine.Order);
            _lastRefusal = row.State is OrderState.Rejected or OrderState.NeverSent ? row.Reason : _lastRefusal;
            return row;
        }
        finally
        {
            if (!inserted)
            {
                sender.Forget(entry);
            }
        }
    }

    private async Task<string?> EndAllAsync()
    {
        foreach (var closing in (await ClosingsAsync()).Where(c => c.State.IsActive()))
        {
            if (await EndAsync(closing) is { } why)
            {
                return why;
            }
        }

        return null;
    }

    /// <summary>Brings an unfinished closing order to its end; says why not, if it has not ended.</summary>
    private async Task<string?> EndAsync(Order closing)
    {
        var ender = new OrderEnder(book, unclear);
        var ending = await ender.BeginAsync(closing);
        if (ending is Ending.Confirming confirming)
        {
            ending = (await ender.ConfirmAsync([confirming])).Single();
        }

        if (ending is Ending.Proven proven)
        {
            await book.RecordAsync(proven.Evidence is { } evidence ? [evidence] : []);
            return book.HasUnrecorded ? "the ledger could not take the evidence" : null;
        }

        var unmet = (Ending.Unmet)ending;
        return $"{unmet.Phase}: {unmet.Reason}";
    }

    private ItemOutcome Outcome(OutcomeKind kind, ImmutableArray<Order> closings, string? phase, string? why) => new(
        ObligationKind.Position,
        $"{book.Account}/{symbol}",
        kind,
        book.Time.GetUtcNow(),
        book.Time.GetElapsedTime(_started),
        closings.Sum(c => c.FilledQuantity),
        phase,
        why,
        Math.Max(1, closings.Length));
}
