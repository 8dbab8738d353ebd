using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Orders;

/// <summary>What a venue's or a sender's word proves. Pure.</summary>
internal static class Evidence
{
    /// <summary>What sending an order proves.</summary>
    public static OrderEvidence Of(BookEntry entry, PlaceOutcome outcome, DateTimeOffset? sentAt, DateTimeOffset now) => outcome switch
    {
        PlaceOutcome.Accepted a => Of(entry.Id, a.Report, now) with { SentAt = sentAt },
        PlaceOutcome.Rejected r => new(entry.Id, OrderState.Rejected, now, SentAt: sentAt, Reason: $"{r.Code}: {r.Reason}"),
        PlaceOutcome.NotSent n => new(entry.Id, OrderState.NeverSent, now, Reason: $"attested: {n.Reason}"),
        PlaceOutcome.Unknown u => new(entry.Id, OrderState.Unknown, now, SentAt: sentAt, Reason: $"{u.Phase}: {u.Reason}"),
        _ => throw new InvalidOperationException($"Place outcome {outcome.GetType().Name} is not known."),
    };

    /// <summary>What a report proves about an order.</summary>
    public static OrderEvidence Of(OrderId order, VenueOrderReport report, DateTimeOffset now) =>
        new(order, report.State, now, report.FilledQuantity, report.AveragePrice, report.VenueOrderId, Reason: report.Reason);

    /// <summary>The outcome that an ended order is for a stop.</summary>
    public static OutcomeKind Outcome(OrderState ended) => ended switch
    {
        OrderState.Cancelled => OutcomeKind.Cancelled,
        OrderState.NeverSent => OutcomeKind.NeverSent,
        OrderState.Filled => OutcomeKind.Filled,
        OrderState.Rejected => OutcomeKind.Rejected,
        OrderState.Ended or OrderState.Replaced => OutcomeKind.Ended,
        _ => throw new InvalidOperationException($"An order that is {ended} has not ended."),
    };
}
