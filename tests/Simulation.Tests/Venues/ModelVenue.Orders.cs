using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <content>Orders taken in and replaced.</content>
public sealed partial class ModelVenue
{
    private static readonly (string Code, string Why)[] Refusals =
    [
        ("40310000", "insufficient buying power"),
        ("42210000", "the price is out of bounds"),
        ("40010001", "the symbol cannot be traded now"),
    ];

    private static readonly PlaceOutcome Twice = new PlaceOutcome.Unknown(VenuePhase.Answer, "The venue has an order of this client order id already.");

    /// <summary>A request to place an order arrives.</summary>
    /// <param name="order">The order.</param>
    /// <param name="process">Whose request.</param>
    /// <param name="late">Whether it comes after its window by a fault.</param>
    internal PlaceOutcome Place(VenueOrder order, string process, bool late)
    {
        var (account, symbol, terms) = (Account(order.Account), Of(order.Terms.Symbol), ModelTerms.Of(order.Terms));
        Received(order, VenueEvent.Received, process, late: late);
        if (account.FindByClientId(order.Id.Value) is not null)
        {
            return Doubled(order, process);
        }

        if (Strikes(VenueFault.Rejected, account.Id, account.Random))
        {
            var (code, why) = account.Random.Pick(Refusals);
            return Refuse(order, process, code, why);
        }

        if (terms.TimeInForce is TimeInForce.Ioc or TimeInForce.Fok && IsClosedFor(symbol))
        {
            Met(VenueFault.MarketClosed, account.Id, Faults, process);
            return Refuse(order, process, "42210000", "the market is closed");
        }

        var entered = new ModelOrder(account, symbol, order.Id.Value, account.NextVenueId(), terms);
        Enter(entered, VenueEvent.Accepted, process);
        return new PlaceOutcome.Accepted(entered.Report);
    }

    /// <summary>A request to put an order in another's place arrives. What had traded counts for the new one.</summary>
    internal PlaceOutcome Replace(VenueReplacement replacement, string process, bool late)
    {
        var order = replacement.Order;
        var account = Account(order.Account);
        Received(order, VenueEvent.ReplaceReceived, process, replacement.OldVenueOrderId, late);
        if (account.FindByClientId(order.Id.Value) is not null)
        {
            return Doubled(order, process);
        }

        if (Strikes(VenueFault.Rejected, account.Id, account.Random))
        {
            return Refuse(order, process, "42210000", "the order cannot be replaced now");
        }

        if (account.FindByVenueId(replacement.OldVenueOrderId) is not { IsOpen: true, CancelPending: false } old)
        {
            return Refuse(order, process, "42210000", "the order is not open");
        }

        if (order.Terms.Quantity <= old.Filled)
        {
            return Refuse(order, process, "42210000", "the quantity must be above what has been filled");
        }

        var entered = new ModelOrder(account, old.Symbol, order.Id.Value, account.NextVenueId(), ModelTerms.Of(order.Terms))
        {
            Filled = old.Filled,
            FilledValue = old.FilledValue,
            Triggered = old.Triggered,
        };
        old.ReplacedBy = entered.VenueOrderId;
        End(old, OrderState.Replaced, entered.ClientOrderId);
        Enter(entered, VenueEvent.Accepted, process);
        return new PlaceOutcome.Accepted(entered.Report);
    }

    /// <summary>A request was refused unread: too many calls.</summary>
    internal PlaceOutcome RefuseUnread(VenueOrder order, VenueReplacement? replacement, string process, bool late)
    {
        Received(order, replacement is null ? VenueEvent.Received : VenueEvent.ReplaceReceived, process, replacement?.OldVenueOrderId, late);
        return Refuse(order, process, "429", "too many requests");
    }

    private void Received(VenueOrder order, VenueEvent happened, string process, string? venueOrderId = null, bool late = false) => Add(new(
        World.Now, happened, order.Account, order.Id.Value, venueOrderId, order.Terms.Symbol.Value, order.Terms.SignedQuantity, process, Late: late));

    private PlaceOutcome Doubled(VenueOrder order, string process)
    {
        Add(new(World.Now, VenueEvent.Duplicate, order.Account, order.Id.Value, Symbol: order.Terms.Symbol.Value, Signed: order.Terms.SignedQuantity, Process: process));
        return Twice;
    }

    private PlaceOutcome.Rejected Refuse(VenueOrder order, string process, string code, string why)
    {
        Add(new(World.Now, VenueEvent.Refused, order.Account, order.Id.Value, Symbol: order.Terms.Symbol.Value, Signed: order.Terms.SignedQuantity, Process: process, Why: code));
        return new(code, why);
    }

    private void Enter(ModelOrder order, VenueEvent happened, string? process)
    {
        var random = order.Account.Random;
        order.AcceptedAt = order.VisibleAt = World.Now;
        order.LooksLeft = Settings.Looks;
        if (!Settings.OrdersDieWithSession && Strikes(VenueFault.LateVisibility, order.Account.Id, random))
        {
            order.VisibleAt += random.Between(Settings.VisibilityBound * Faults.HiddenFrom, Settings.VisibilityBound);
        }

        order.Account.Add(order);
        Write(order, happened, order.Terms.Signed, process);
        if (order.WaitsForTrigger || IsClosedFor(order.Symbol))
        {
            Changed(order);
        }
        else
        {
            Take(order);
        }

        if (order.IsOpen)
        {
            LookLater(order);
        }
    }
}
