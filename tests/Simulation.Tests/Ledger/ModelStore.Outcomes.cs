using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Outcomes, and debts that come back.</content>
public sealed partial class ModelStore
{
    private const int MostNamed = 100;
    private readonly List<OutcomeChange> _outcomeChanges = [];
    private static readonly string[] OutcomeWords = Words<OutcomeKind>();
    private static readonly string[] ObligationWords = Words<ObligationKind>();
    private static readonly string[] StateWords = Words<OrderState>();

    /// <summary>Every change of an outcome, oldest first.</summary>
    public IReadOnlyList<OutcomeChange> OutcomeChanges => _outcomeChanges;

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>Writes an outcome where the rule lets it.</summary>
    /// <returns>Whether it was written, and by how much the stop's counts change.</returns>
    private (bool Written, OutcomeCounts Change) Upsert(Stop stop, ItemOutcome outcome)
    {
        var outcomes = Get(stop.Id).Outcomes;
        var standing = outcomes.Find(outcome.Kind, outcome.Item);
        if (standing is not null && !Has(LedgerBug.OutcomeOverwritesMet) && !OutcomeRule.Replaces(standing, outcome, stop))
        {
            return (false, default);
        }

        var since = standing?.Outcome.IsMet() == false ? outcomes.SinceOf(outcome.Kind, outcome.Item) : null;
        var stored = outcome with
        {
            At = Values.Stored(outcome.At),
            Duration = TimeSpan.FromMicroseconds(Values.Micros(outcome.Duration)),
            NextTry = Values.Time(Values.Micros(outcome.NextTry)),
        };
        outcomes.Put(stored, since ?? stored.At);
        PublishDebt(stop, standing?.Outcome, outcome);
        var before = standing is { } old ? OutcomeRule.Counts(outcome.Kind, old.Outcome) : default;
        return (true, OutcomeRule.Counts(outcome.Kind, outcome.Outcome) - before);
    }

    /// <summary>Ends a slice of outcomes: the stop's counts, and one audit entry.</summary>
    private void SealOutcomes(Stop stop, List<ItemOutcome> written, OutcomeCounts change, DateTimeOffset at)
    {
        Get(stop.Id).Counts += change;
        if (written.Count > 0)
        {
            AppendAudit(new(at, "service", "stop.outcomes", stop.Id.Value, keepsWords ? Details(written) : "{}"));
            if (keepsWords)
            {
                Publish(StopEvents.OutcomesRecorded(stop, BookOf(stop.Target), written, at));
            }
        }
    }

    private static string Details(List<ItemOutcome> written)
    {
        var counts = written.GroupBy(o => o.Outcome).OrderBy(g => g.Key).Select(g => KeyValuePair.Create(OutcomeWords[(int)g.Key], g.Count()));
        var items = written.ConvertAll(o => $"{ObligationWords[(int)o.Kind]} {o.Item} {OutcomeWords[(int)o.Outcome]}");
        return items.Count <= MostNamed
            ? AuditDetails.Of(("counts", counts), ("items", items))
            : AuditDetails.Of(("counts", counts), ("items_sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', items))))));
    }

    /// <summary>Reopens the obligation of every stop that took the order to have never been sent, or to be given up.</summary>
    private void Reopen(Order order)
    {
        var found = new List<(ModelStop Row, OutcomeKind Was)>();
        TakeWhere(found, order, OutcomeKind.NeverSent);
        TakeWhere(found, order, OutcomeKind.Waived);
        foreach (var (row, was) in found)
        {
            if (!row.Stop.Covers(order.Terms) || (Has(LedgerBug.ReleaseDropsObligations) && row.Stop.Release is not null))
            {
                continue; // Its part of the target is carved out: the order is let live, and is owed once the part is put back.
            }

            row.Outcomes.Put(
                row.Outcomes.Find(ObligationKind.Order, order.Id.Value)! with // It was found there just now.
                {
                    Outcome = OutcomeKind.Unknown,
                    Inferred = false,
                    Phase = "confirm",
                    Reason = $"It was taken to have never been sent, and the venue shows it as {order.State}.",
                    At = order.UpdatedAt,
                },
                order.UpdatedAt);
            row.Counts -= OutcomeRule.Counts(ObligationKind.Order, was);
            PublishDebt(row.Stop, was, ObligationEvents.Reappeared(order));
            Owe(row, order, was);
        }

        foreach (var latch in _view.Latches.Where(l => l.Refuses(order.Terms)).ToArray())
        {
            var row = RowOf(latch.Stop)!; // it holds a latch
            if (found.TrueForAll(f => f.Row != row) && row.Stop.Options.CancelOrders && row.Stop.Owes(order)
                && !(row.Stop.Options.KeepProtective && order.Terms.Protective))
            {
                found.Add((row, OutcomeKind.Unknown));
                Owe(row, order);
            }
        }
    }

    private void TakeWhere(List<(ModelStop Row, OutcomeKind Was)> found, Order order, OutcomeKind outcome)
    {
        foreach (var row in _stops)
        {
            if (row.Outcomes.Find(ObligationKind.Order, order.Id.Value)?.Outcome == outcome)
            {
                found.Add((row, outcome));
            }
        }
    }

    /// <summary>An order that turned up at the venue is owed by the stop: it is unmet, and a completed stop falls back.</summary>
    private void Owe(ModelStop row, Order order, OutcomeKind? was = null)
    {
        var stop = row.Stop;
        _ = Upsert(stop, new(
            ObligationKind.Order, order.Id.Value, OutcomeKind.Unknown, order.UpdatedAt, TimeSpan.Zero, order.FilledQuantity, "found",
            "It turned up at the venue while the gate was closed."));
        if (order.FilledQuantity > 0)
        {
            OwePosition(row, order);
        }

        var fallsBack = stop.State == StopState.Completed;
        if (fallsBack)
        {
            row.Stop = row.Stop with { State = StopState.Outstanding, FinishedAt = order.UpdatedAt };
            Publish(StopEvents.Progressed(row.Stop, BookOf(stop.Target), stop.State, order.UpdatedAt));
        }

        if (!fallsBack && order.Origin == OrderOrigin.Adopted)
        {
            return; // Its adoption has an entry of its own.
        }

        AppendAudit(new(order.UpdatedAt, "service", "stop.reopened", stop.Id.Value, AuditDetails.Of(
            ("order", order.Id.Value), ("order_state", order.State.ToString()), ("was", was?.ToString()), ("from", stop.State.ToString()),
            ("to", row.Stop.State.ToString()))));
    }

    /// <summary>What an order trades behind the closed gate changes a position that the stop closes, perhaps one that it had closed.</summary>
    private void OwePosition(ModelStop row, Order order)
    {
        if (!row.Stop.Options.ClosePositions || order.Origin == OrderOrigin.Closing || !row.Stop.Refuses(order.Terms))
        {
            return;
        }

        var unmet = new ItemOutcome(
            ObligationKind.Position, $"{order.Account}/{order.Terms.Symbol}", OutcomeKind.Unknown, order.UpdatedAt, TimeSpan.Zero, Phase: "filled",
            Reason: $"Order {order.Id} traded while it was being cancelled.");
        if (row.Outcomes.Find(unmet.Kind, unmet.Item) is { } before && before.Outcome.IsMet())
        {
            row.Outcomes.Put(before with { Outcome = unmet.Outcome, Inferred = false, Phase = unmet.Phase, Reason = unmet.Reason, At = unmet.At }, unmet.At);
            row.Counts -= OutcomeRule.Counts(ObligationKind.Position, before.Outcome);
            PublishDebt(row.Stop, before.Outcome, unmet);
        }
        else
        {
            _ = Upsert(row.Stop, unmet);
        }
    }
}
