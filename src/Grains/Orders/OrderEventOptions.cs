using System.ComponentModel.DataAnnotations;

namespace EmergencyStop.Grains.Orders;

/// <summary>How long the changes of orders are kept for those who follow them; section <c>OrderEvents</c>.</summary>
public sealed class OrderEventOptions
{
    /// <summary>Age from which a change is dropped.</summary>
    /// <value>1 min to 90 days; default 24 h: whoever was away for longer reads the orders again.</value>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Most changes that are kept, give or take a commit.</summary>
    /// <value>1,000 to 1,000,000,000; default 5,000,000, which take about half a gigabyte.</value>
    [Range(1_000, 1_000_000_000)]
    public long KeepAtMost { get; set; } = 5_000_000;

    /// <summary>How often old changes are dropped.</summary>
    /// <value>100 ms to 1 h; default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan PruneEvery { get; set; } = TimeSpan.FromSeconds(30);
}
