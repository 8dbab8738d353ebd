using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Orders;

/// <summary>Sends an order, once, from the activation that admitted it.</summary>
internal sealed class OrderSender(UserBook book)
{
    /// <summary>Puts the order into the book with its permit, before it is admitted.</summary>
    /// <param name="entry">The order.</param>
    /// <param name="terms">Its terms.</param>
    /// <param name="passesGate">True for a stop's own closing orders.</param>
    /// <param name="pastNumber">Latches of stops numbered up to this are passed; none for an ordinary order.</param>
    public Sending Prepare(BookEntry entry, OrderTerms terms, bool passesGate, long pastNumber = 0)
    {
        var permit = new SendPermit(passesGate ? null : book.Ledger, terms, book.Time, book.Options.SendWindow, book.Brake, pastNumber);
        var sending = new Sending(permit, new(TaskCreationOptions.RunContinuationsAsynchronously));
        entry.Sending = sending;
        book.Add(entry);
        return sending;
    }

    /// <summary>Takes an order back that was not admitted.</summary>
    public void Forget(BookEntry entry)
    {
        book.Remove(entry.Id);
        Finish(entry);
    }

    /// <summary>Writes the order to the venue and records what became of it.</summary>
    /// <param name="entry">The order.</param>
    /// <param name="row">Its row.</param>
    /// <param name="old">The resting order in whose place it is put.</param>
    /// <returns>The row after it; the one given when the ledger could not take the evidence.</returns>
    public async Task<Order> SendAsync(BookEntry entry, Order row, Order? old = null)
    {
        var sending = entry.Sending ?? throw new InvalidOperationException("The order was not prepared for sending.");
        try
        {
            PlaceOutcome outcome;
            try
            {
                var order = new VenueOrder(row.Id, row.Account, row.Terms);
                outcome = old is null
                    ? await book.Venue.PlaceAsync(order, sending.Permit, CancellationToken.None)
                    : await book.Venue.ReplaceAsync(new(order, old.VenueOrderId ?? string.Empty, old.Terms), sending.Permit, CancellationToken.None);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A venue must not throw; if it does, only the permit knows whether something may have been written.
                outcome = sending.Permit.TryRevoke()
                    ? new PlaceOutcome.NotSent(VenuePhase.Connect, "the venue adapter failed before the write")
                    : new PlaceOutcome.Unknown(VenuePhase.Write, "the venue adapter failed after the write began");
            }

            var evidence = Evidence.Of(entry, outcome, sending.Permit.TakenAt, book.Time.GetUtcNow());
            var rows = await book.RecordAsync(evidence);
            return rows.Count > 0 ? rows[0] : row;
        }
        finally
        {
            Finish(entry);
        }
    }

    private void Finish(BookEntry entry)
    {
        if (entry.Sending is { } sending)
        {
            entry.Sending = null;
            sending.Permit.Dispose();
            sending.Done.TrySetResult();
        }

        if (!entry.State.IsActive())
        {
            book.Remove(entry.Id);
        }
        else
        {
            book.NoteIfUnclear(entry);
        }
    }
}
