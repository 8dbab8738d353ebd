using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Soak.Service;

/// <summary>Compares callers' answers, the venue's own record and the ledger, while the stops hold. Knows nothing else.</summary>
internal sealed class ServiceWitness(
    DbConnection ledger, IReadOnlyCollection<HeardOrder> heard, IReadOnlyCollection<PressedStop> stops, JsonNode[] venueOrders, JsonNode[] venuePositions)
{
    private readonly Dictionary<string, OrderRow> _orders = new(StringComparer.Ordinal);
    private readonly List<StopRow> _stops = [];
    private readonly ILookup<string, JsonNode> _atVenue = venueOrders.ToLookup(o => Text(o, "client_order_id"), StringComparer.Ordinal);
    private int _outcomes;

    /// <summary>What was compared.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture, $"{heard.Count} requests, {heard.Count(o => o.OrderId is not null)} let in, {venueOrders.Length} orders at the venue, {_outcomes} outcomes agree");

    /// <summary>Reads the ledger, whose connection is open, and compares.</summary>
    /// <exception cref="BrokenLawException">A law is broken; the message says which and how.</exception>
    public void Check()
    {
        ReadOrders();
        ReadStops();
        CheckHeard();
        CheckNumbers();
        CheckVenue();
        CheckClosed();
        foreach (var stop in _stops)
        {
            CheckOutcomes(stop);
        }
    }

    /// <summary>Laws 1, 3 and 5 as callers see them.</summary>
    private void CheckHeard()
    {
        foreach (var order in heard.Where(o => o.OrderId is not null))
        {
            Broken(5, !_orders.ContainsKey(order.OrderId!), $"order {order.OrderId} was answered 201 and is not in the ledger");
            var past = stops.FirstOrDefault(s => s.AnsweredAt < order.SentAt && order.SentAt < (s.ReleaseAskedAt ?? long.MaxValue) && s.Target.Covers(order.Terms));
            Broken(1, past is not null, $"order {order.OrderId} was sent after the stop {past?.StopId} of {past?.Target} was answered, and was let in");
        }

        foreach (var stop in stops)
        {
            Broken(5, _stops.TrueForAll(s => s.Id != stop.StopId), $"stop {stop.StopId} was answered and is not in the ledger");
        }
    }

    /// <summary>Law 1 by the numbers: none between a covering stop and its release.</summary>
    private void CheckNumbers()
    {
        foreach (var stop in _stops)
        {
            var slipped = _orders.Values.FirstOrDefault(o => o.Origin == OrderOrigin.Placed && o.Number > stop.Number && o.Number < (stop.Released ?? long.MaxValue) && stop.Target.Covers(o.Terms));
            Broken(1, slipped is not null, $"order {slipped?.Id} ({slipped?.Number}) was admitted while {stop.Target} was closed by {stop.Id} ({stop.Number} to {stop.Released})");
        }
    }

    /// <summary>Laws 2, 6 and 7 in the venue's own record.</summary>
    private void CheckVenue()
    {
        foreach (var (id, shown) in _atVenue.Select(g => (g.Key, g.ToArray())))
        {
            Broken(6, shown.Length > 1, $"order {id} reached the venue {shown.Length} times");
            var known = _orders.TryGetValue(id, out var row);
            Broken(5, !known, $"order {id} is at the venue and not in the ledger");
            var status = Text(shown[0], "status");
            var covering = _stops.Where(s => s.Number > row!.Number && s.Target.Covers(row.Terms)).ToArray();
            Broken(7, status == "canceled" && covering.Length == 0, $"order {id} was cancelled, and no stop covers it");
            var holding = covering.FirstOrDefault(s => s.Released is null);
            Broken(2, IsOpen(status) && row!.Origin != OrderOrigin.Closing && holding is not null, $"order {id} is still {status} at the venue; {holding?.Id} of {holding?.Target} is completed");
        }
    }

    /// <summary>What a standing stop was to close is flat at the venue.</summary>
    private void CheckClosed()
    {
        foreach (var position in venuePositions)
        {
            var (user, symbol) = (UserId.Parse(Text(position, "account")), Symbol.Parse(Text(position, "symbol")));
            var terms = new OrderTerms(user, Traffic.StrategyOf(user, symbol), symbol, OrderSide.Buy, 1, OrderType.Market);
            var quantity = decimal.Parse(Text(position, "qty"), CultureInfo.InvariantCulture);
            var closed = stops.FirstOrDefault(s => s.Close && s.Target.Covers(terms));
            Broken(2, quantity != 0 && closed is not null, $"{user} holds {quantity} {symbol}; {closed?.StopId} of {closed?.Target} has closed it");
            Broken(6, quantity < 0, $"{user} is short {quantity} {symbol}, and only longs were ever bought");
        }
    }

    /// <summary>Each outcome agrees with the venue's record, and the counts with the outcomes.</summary>
    private void CheckOutcomes(StopRow stop)
    {
        using var command = ledger.CreateCommand();
        command.CommandText = "SELECT item, outcome FROM outcomes WHERE stop = @stop AND kind = 0";
        var number = command.CreateParameter();
        (number.ParameterName, number.Value) = ("stop", stop.Number);
        command.Parameters.Add(number);
        using var row = command.ExecuteReader();
        var cancelled = 0;
        while (row.Read())
        {
            var (item, outcome) = (row.GetString(0), (OutcomeKind)row.GetInt32(1));
            var status = _atVenue[item].Select(o => Text(o, "status")).FirstOrDefault();
            var expected = outcome switch
            {
                OutcomeKind.Cancelled => status == "canceled",
                OutcomeKind.Filled => status == "filled",
                OutcomeKind.NeverSent => status is null,
                OutcomeKind.Rejected => status is null or "rejected",
                OutcomeKind.Ended => status is not null && !IsOpen(status),
                _ => false,
            };
            Broken(4, !expected, $"stop {stop.Id} says order {item} is {outcome}, the venue says {status ?? "nothing"}");
            cancelled += outcome is OutcomeKind.Cancelled or OutcomeKind.NeverSent ? 1 : 0;
            _outcomes++;
        }

        Broken(2, cancelled != stop.Cancelled, $"stop {stop.Id} counts {stop.Cancelled} cancelled orders and has {cancelled} such outcomes");
    }

    private void ReadOrders()
    {
        using var command = ledger.CreateCommand();
        command.CommandText = "SELECT id, number, user_id, strategy_id, symbol, origin FROM orders";
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var strategy = row.IsDBNull(3) ? (StrategyId?)null : StrategyId.Parse(row.GetString(3));
            var terms = new OrderTerms(UserId.Parse(row.GetString(2)), strategy, Symbol.Parse(row.GetString(4)), OrderSide.Buy, 1, OrderType.Market);
            _orders[row.GetString(0)] = new(row.GetString(0), row.GetInt64(1), terms, (OrderOrigin)row.GetInt32(5));
        }
    }

    private void ReadStops()
    {
        using var command = ledger.CreateCommand();
        command.CommandText = "SELECT id, number, target, release_number, orders_cancelled FROM stops";
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            _stops.Add(new(row.GetString(0), row.GetInt64(1), StopTarget.Parse(row.GetString(2)), row.IsDBNull(3) ? null : row.GetInt64(3), row.GetInt32(4)));
        }
    }

    private static bool IsOpen(string status) => status is "new" or "partially_filled" or "accepted" or "pending_new" or "pending_cancel" or "pending_replace" or "held";

    private static string Text(JsonNode node, string field) => node[field]?.ToString() ?? string.Empty;

    private static void Broken(int law, bool isBroken, string how)
    {
        if (isBroken)
        {
            throw new BrokenLawException($"law {law}: {how}");
        }
    }

    private sealed record OrderRow(string Id, long Number, OrderTerms Terms, OrderOrigin Origin);

    private sealed record StopRow(string Id, long Number, StopTarget Target, long? Released, int Cancelled);
}
