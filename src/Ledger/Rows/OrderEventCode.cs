using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The changes of one commit as one body: a row for each would cost an admission a quarter of its throughput.</summary>
/// <remarks>What an order was admitted with stands in its row and never changes; here is what does, and what is filtered by.</remarks>
internal static class OrderEventCode
{
    /// <summary>Says how the rest is to be read.</summary>
    private const byte Version = 1;

    public static byte[] Write(List<OrderChange> changes)
    {
        using var memory = new MemoryStream(changes.Count * 96);
        using var writer = new BinaryWriter(memory);
        writer.Write(Version);
        foreach (var (kind, order) in changes)
        {
            writer.Write((byte)kind);
            writer.Write7BitEncodedInt64(order.Number);
            writer.Write7BitEncodedInt64(Values.Micros(order.UpdatedAt));
            writer.Write(order.Terms.User.Value);
            WriteOrNull(writer, order.Terms.Strategy?.Value);
            writer.Write(order.Terms.Symbol.Value);
            if (kind != OrderEventKind.Admitted)
            {
                writer.Write((byte)order.State);
                writer.Write(Values.Text(order.FilledQuantity));
                WriteOrNull(writer, Values.Text(order.AveragePrice));
                WriteOrNull(writer, order.VenueOrderId);
                writer.Write7BitEncodedInt64(Values.Micros(order.SentAt) ?? 0);
                WriteOrNull(writer, order.Reason);
            }
        }

        writer.Flush();
        return memory.ToArray();
    }

    /// <summary>The changes of a body, each as the part of it that is written there.</summary>
    public static IEnumerable<StoredChange> Read(byte[] body)
    {
        using var memory = new MemoryStream(body, writable: false);
        using var reader = new BinaryReader(memory);
        if (reader.ReadByte() != Version)
        {
            throw new InvalidOperationException("This body of order events was written by a newer program.");
        }

        while (memory.Position < memory.Length)
        {
            var kind = (OrderEventKind)reader.ReadByte();
            var (number, at) = (reader.Read7BitEncodedInt64(), Values.Time(reader.Read7BitEncodedInt64()));
            var change = new StoredChange(kind, number, at, reader.ReadString(), ReadOrNull(reader), reader.ReadString());
            yield return kind == OrderEventKind.Admitted ? change : change with
            {
                State = (OrderState)reader.ReadByte(),
                Filled = Values.Decimal(reader.ReadString()),
                AveragePrice = Values.DecimalOrNull(ReadOrNull(reader)),
                VenueOrderId = ReadOrNull(reader),
                SentAt = reader.Read7BitEncodedInt64() is > 0 and var sent ? Values.Time(sent) : null,
                Reason = ReadOrNull(reader),
            };
        }
    }

    private static void WriteOrNull(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
        {
            writer.Write(text);
        }
    }

    private static string? ReadOrNull(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}

/// <summary>One change that is about to be committed.</summary>
internal readonly record struct OrderChange(OrderEventKind Kind, Order After)
{
    /// <summary>The change that takes a row from one to the other, or <c>null</c> for none that anybody follows.</summary>
    public static OrderChange? Between(Order before, Order after)
    {
        if (after.FilledQuantity > before.FilledQuantity && (after.State.IsActive() || after.State == before.State))
        {
            return new(OrderEventKind.PartialFill, after);
        }

        return after.State != before.State ? Of(after) : null; // An end that brings a last fill is told as the end.
    }

    /// <summary>The change into the state that an order is in.</summary>
    public static OrderChange Of(Order order) => new(
        order.State switch
        {
            OrderState.InFlight => OrderEventKind.Admitted,
            OrderState.Open => OrderEventKind.Open,
            OrderState.Unknown => OrderEventKind.Unknown,
            OrderState.Filled => OrderEventKind.Filled,
            OrderState.Cancelled => OrderEventKind.Cancelled,
            OrderState.Rejected => OrderEventKind.Rejected,
            OrderState.NeverSent => OrderEventKind.NeverSent,
            OrderState.Ended => OrderEventKind.Ended,
            OrderState.Replaced => OrderEventKind.Replaced,
            _ => throw new InvalidOperationException($"Order state {order.State} is not known."),
        },
        order);
}

/// <summary>One change as it is stored.</summary>
internal sealed record StoredChange(OrderEventKind Kind, long Number, DateTimeOffset At, string User, string? Strategy, string Symbol)
{
    public OrderState State { get; init; } = OrderState.InFlight;

    public decimal Filled { get; init; }

    public decimal? AveragePrice { get; init; }

    public string? VenueOrderId { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public string? Reason { get; init; }

    /// <summary>The order's row as it was after this change.</summary>
    public Order Over(Order row) => row with
    {
        State = State,
        UpdatedAt = At,
        FilledQuantity = Filled,
        AveragePrice = AveragePrice,
        VenueOrderId = VenueOrderId,
        SentAt = SentAt,
        Reason = Reason,
        EndedAfter = State.IsActive() ? null : row.EndedAfter,
    };
}
