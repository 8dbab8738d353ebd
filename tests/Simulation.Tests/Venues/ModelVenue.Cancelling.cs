using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <content>Cancels, one by one and of an account.</content>
public sealed partial class ModelVenue
{
    private static readonly CancelOutcome WillTry = new CancelOutcome.Accepted();
    private static readonly CancelOutcome NotThere = new CancelOutcome.NotFound();

    /// <summary>A request to cancel one order arrives.</summary>
    internal CancelOutcome Cancel(AccountId id, string clientOrderId, string? venueOrderId, string process)
    {
        var account = Account(id);
        var order = venueOrderId is null ? Look(id, clientOrderId) : account.FindByVenueId(venueOrderId);
        Add(new(World.Now, VenueEvent.CancelReceived, id, clientOrderId, order?.VenueOrderId ?? venueOrderId, order?.Symbol.Symbol.Value, order?.SignedRemaining ?? 0, process));
        if (order is null || (IsYoung(order) && Faulty(VenueFault.CancelNotFound, order)))
        {
            return NotThere;
        }

        if (!order.IsOpen)
        {
            return venueOrderId is null ? new CancelOutcome.Reported(order.Report) : new CancelOutcome.NotCancelable($"the order is {order.State}");
        }

        if (IsClosedFor(order.Symbol))
        {
            Met(VenueFault.MarketClosed, id, Faults, process);
            Write(order, VenueEvent.CancelRefused, order.SignedRemaining, process, "the market is closed");
            return new CancelOutcome.NotCancelable("the market is closed");
        }

        FillBeforeCancel(order);
        return order.IsOpen ? CancelOpen(order) : new CancelOutcome.NotCancelable($"the order is {order.State}");
    }

    /// <summary>A request to cancel every order of an account arrives.</summary>
    internal MassCancelOutcome CancelAll(AccountId id, string process)
    {
        var account = Account(id);
        var (asked, refused) = (account.Open.Count, 0);
        Add(new(World.Now, VenueEvent.MassCancelReceived, id, Signed: asked, Process: process));
        var early = asked > 0 && (!Settings.PushesUpdates || Strikes(VenueFault.MassCancelAnsweredEarly, id, account.Random));

        // From the last to the first: an order that ends gives its place to one that was looked at.
        for (var i = asked - 1; i >= 0; i--)
        {
            var order = account.Open[i];
            if (IsClosedFor(order.Symbol) || Faulty(VenueFault.MassCancelLeaves, order))
            {
                refused++;
                Write(order, VenueEvent.MassCancelLeft, order.SignedRemaining, process);
                continue;
            }

            Write(order, VenueEvent.MassCancelHit, order.SignedRemaining, process);
            FillBeforeCancel(order);
            if (order.IsOpen && !early)
            {
                End(order, OrderState.Cancelled, "cancelled");
            }
            else if (order.IsOpen)
            {
                CancelLater(order, Faulty(VenueFault.CancelLate, order));
            }
        }

        return new MassCancelOutcome.Answered(asked, refused);
    }

    private CancelOutcome CancelOpen(ModelOrder order)
    {
        if (order.CancelPending)
        {
            return WillTry;
        }

        if (Faulty(VenueFault.CancelDropped, order))
        {
            return WillTry;
        }

        if (Faulty(VenueFault.CancelRefusedThenDone, order))
        {
            CancelLater(order, Faulty(VenueFault.CancelLate, order));
            return new CancelOutcome.NotCancelable("the order is pending");
        }

        if (Faulty(VenueFault.CancelReportedOpen, order))
        {
            CancelLater(order, Faulty(VenueFault.CancelLate, order));
            return new CancelOutcome.Reported(order.Report);
        }

        var late = Faulty(VenueFault.CancelLate, order);
        if (late || !Settings.PushesUpdates)
        {
            CancelLater(order, late);
            return WillTry;
        }

        End(order, OrderState.Cancelled, "cancelled");
        return Faulty(VenueFault.CancelOnlyAccepted, order) ? WillTry : new CancelOutcome.Reported(order.Report);
    }

    private void CancelLater(ModelOrder order, bool late)
    {
        order.CancelPending = true;
        World.After(order.Account.Random.LogBetween(Soon, late ? Faults.SlowUpTo : Shortly), null, FinishCancel, order);
    }

    private void FinishCancel(object? state)
    {
        if (state is not ModelOrder { IsOpen: true, CancelPending: true } order)
        {
            return;
        }

        if (IsClosedFor(order.Symbol))
        {
            World.After(Faults.ClosedUntil - World.Now, null, FinishCancel, order); // It takes effect at the opening.
        }
        else
        {
            FillBeforeCancel(order);
            if (order.IsOpen)
            {
                End(order, OrderState.Cancelled, "cancelled");
            }
        }
    }

    /// <summary>What a fault has put off is done soon after everything is healed.</summary>
    private void FinishCancels()
    {
        foreach (var account in _accountList)
        {
            foreach (var order in account.Open)
            {
                if (order.CancelPending)
                {
                    World.After(Soon, null, FinishCancel, order);
                }
            }
        }
    }

    private bool IsYoung(ModelOrder order) => !Settings.OrdersDieWithSession && World.Now < order.AcceptedAt + Settings.VisibilityBound;
}
