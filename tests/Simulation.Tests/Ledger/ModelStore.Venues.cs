using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Rows that a stop makes itself: closing orders, and orders found at the venue.</content>
public sealed partial class ModelStore
{
    /// <summary>Inserts the one unfinished closing order of (account, symbol), or gives the one that is there.</summary>
    public ClosingAnswer InsertClosing(NewOrder order, StopId stop, int attempt)
    {
        if (StandingClosing(order, stop, attempt) is { } standing)
        {
            return new ClosingAnswer.Standing(standing);
        }

        if (!_view.Holds(stop, order.Terms))
        {
            return new ClosingAnswer.LatchGone();
        }

        if (FindSame(order) is not null)
        {
            throw new InvalidOperationException($"Closing order {order.Id} was not inserted, and no row stands in its way.");
        }

        var at = Values.Stored(order.At);
        var row = new Order(order.Id, order.Terms, order.Account, Draw(NumberKind.Closing, order.Id.Value), OrderState.InFlight, at, at)
        {
            Origin = OrderOrigin.Closing,
            Stop = stop,
            Attempt = attempt,
        };
        Insert(row);
        return new ClosingAnswer.Inserted(row);
    }

    /// <summary>The newest closing order of (account, symbol).</summary>
    public Order? LastClosing(AccountId account, Symbol symbol) =>
        _orders.FindLast(o => o.Origin == OrderOrigin.Closing && o.Account == account && o.Terms.Symbol == symbol);

    /// <summary>The closing orders of (account, symbol) for a stop, by attempt.</summary>
    public ImmutableArray<Order> Closings(StopId stop, AccountId account, Symbol symbol) =>
    [
        .. _orders.FindAll(o => o.Origin == OrderOrigin.Closing && o.Stop == stop && o.Account == account && o.Terms.Symbol == symbol)
            .OrderBy(o => o.Attempt),
    ];

    /// <summary>Writes a row for an order found at the venue; <c>null</c> when the latch is gone.</summary>
    public Order? Adopt(StopId stop, UserId user, StrategyId? strategy, VenueOrderReport report, DateTimeOffset at)
    {
        var isId = OrderId.TryParse(report.ClientOrderId, out var id, out _);
        var ofId = isId ? FindOrder(id) : null;
        if (((ofId?.Account == report.Account ? ofId : null) ?? OfVenue(report)) is { } standing)
        {
            return standing;
        }

        var terms = new OrderTerms(user, strategy, report.Symbol, report.Side, report.Quantity, report.Type);
        var owner = Get(stop);
        if (!owner.Stop.Target.Covers(terms))
        {
            throw new ArgumentException($"Venue order {report.VenueOrderId} is not in the scope of stop {stop}.", nameof(report));
        }

        if (!_view.Holds(stop, terms) && !Has(LedgerBug.AdoptionStraddlesRelease))
        {
            return null; // Released, narrowed to others, or carved out.
        }

        var made = isId && ofId is null ? id : MadeId(report);
        if (FindOrder(made) is not null)
        {
            throw new InvalidOperationException($"Venue order {report.VenueOrderId} was not adopted, and no row stands in its way.");
        }

        var row = Adopted(made, terms, Draw(NumberKind.Adopted, made.Value), report, Values.Stored(at)) with { Stop = stop };
        owner.Adopted.Add(_orders.Count);
        _adopted.Add((row.Account.Value, report.VenueOrderId), _orders.Count);
        Insert(row);
        Attribute(row with { FilledQuantity = 0 }, row);
        AppendAudit(new(at, "service", "order.adopted", row.Id.Value, AuditDetails.Of(
            ("stop", stop.Value), ("user", user.Value), ("account", report.Account.Value), ("symbol", report.Symbol.Value),
            ("venue_order_id", report.VenueOrderId), ("client_order_id", report.ClientOrderId))));
        Owe(owner, row);
        return row;
    }

    private static Order Adopted(OrderId id, OrderTerms terms, long number, VenueOrderReport report, DateTimeOffset at) =>
        new(id, terms, report.Account, number, report.State, at, at)
        {
            VenueOrderId = report.VenueOrderId,
            FilledQuantity = report.FilledQuantity,
            AveragePrice = report.AveragePrice,
            Reason = report.Reason,
            Origin = OrderOrigin.Adopted,
            EndedAfter = report.State.IsActive() ? null : number,
        };

    /// <summary>An id of our own where the venue's text is none, or is taken; the same order always gets the same one.</summary>
    private static OrderId MadeId(VenueOrderReport report)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{report.Account.Value}\n{report.VenueOrderId}"));
        return OrderId.Parse("adopted-" + Convert.ToHexStringLower(hash.AsSpan(0, 16)));
    }

    private Order? StandingClosing(NewOrder order, StopId stop, int attempt) => FindOrder(order.Id)
        ?? _orders.Find(o => o.Origin == OrderOrigin.Closing && o.Stop == stop && o.Account == order.Account
            && o.Terms.Symbol == order.Terms.Symbol && o.Attempt == attempt)
        ?? (Has(LedgerBug.ClosingIndexNotUnique) ? null : _orders.Find(o => o.Origin == OrderOrigin.Closing && o.State.IsActive()
            && o.Account == order.Account && o.Terms.Symbol == order.Terms.Symbol))
        ?? (!Has(LedgerBug.ClosingIndexNotUnique) && LastClosing(order.Account, order.Terms.Symbol) is { } last && last.Id != order.LastClosing ? last : null);

    private Order? OfVenue(VenueOrderReport report)
    {
        var key = (report.Account.Value, report.VenueOrderId);
        return _activeByVenue.TryGetValue(key, out var active) ? _orders[active]
            : _adopted.TryGetValue(key, out var adopted) ? _orders[adopted]
            : null;
    }
}
