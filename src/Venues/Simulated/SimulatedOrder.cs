using EmergencyStop.Orders;

namespace EmergencyStop.Venues.Simulated;

/// <summary>One order inside the market. Its book's lock guards what changes; its account's lock guards its links.</summary>
internal sealed class SimulatedOrder(SimulatedOrderRequest request, SimulatedAccount account, Book book)
{
    public SimulatedOrderRequest Request { get; } = request;

    public SimulatedAccount Account { get; } = account;

    public Book Book { get; } = book;

    /// <summary>Its place in the market's one order of submissions; 0 until it is accepted.</summary>
    public long Sequence { get; set; }

    public DateTimeOffset SubmittedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public SimulatedStatus Status { get; set; }

    public decimal Filled { get; set; }

    /// <summary>The sum of quantity times price over its trades.</summary>
    public decimal FilledValue { get; set; }

    /// <summary>Time priority among orders of one price: when it entered the book.</summary>
    public long Rank { get; set; }

    /// <summary>Trailing stops: the best price seen.</summary>
    public decimal HighWater { get; set; }

    /// <summary>Whether a stop has been set off.</summary>
    public bool Triggered { get; set; }

    public long ReplacedBy { get; set; }

    public long Replaces { get; set; }

    public string? Reason { get; set; }

    /// <summary>Whether it is among the changes of the operation under way.</summary>
    public bool Touched { get; set; }

    /// <summary>Its place in its account's list of open orders.</summary>
    public LinkedListNode<SimulatedOrder>? OpenPlace { get; set; }

    /// <summary>Whether the market has dropped it, as it ended long ago.</summary>
    public bool Forgotten { get; set; }

    public OrderSide Side => Request.Side;

    public bool IsBuy => Request.Side == OrderSide.Buy;

    public decimal Remaining => Request.Quantity - Filled;

    /// <summary>The worst price it accepts: none for market orders and for stops that become one.</summary>
    public decimal? Limit => Request.Type is OrderType.Limit or OrderType.StopLimit ? Request.LimitPrice : null;

    public bool WaitsForTrigger => Request.Trigger is not null && !Triggered;

    /// <summary>The price that sets it off, as of now; 0 where it waits for none.</summary>
    public decimal TriggerPrice
    {
        get
        {
            if (Request.Trigger is not { } terms)
            {
                return 0;
            }

            var distance = terms.TrailPrice ?? (HighWater * (terms.TrailPercent ?? 0) / 100);
            return terms.StopPrice ?? (IsBuy ? HighWater + distance : HighWater - distance);
        }
    }

    public decimal? AveragePrice => Filled == 0 ? null : FilledValue / Filled;

    /// <summary>Whether it would trade at this price.</summary>
    public bool Accepts(decimal price) => Limit is not { } limit || (IsBuy ? price <= limit : price >= limit);
}
