using System.ComponentModel.DataAnnotations;

namespace EmergencyStop.Grains.Strategies;

/// <summary>How many strategies are told at once; section <c>Notices</c>.</summary>
public sealed class NoticeOptions
{
    /// <summary>Notices under way at once.</summary>
    /// <value>1 to 1,024; default 64: one that hangs holds a place for as long as a notice is tried, by default 30 s.</value>
    [Range(1, 1024)]
    public int AtOnce { get; set; } = 64;

    /// <summary>Most notices that wait; one more is given up at once, and its outcome says so.</summary>
    /// <value>100 to 1,000,000; default 20,000.</value>
    [Range(100, 1_000_000)]
    public int MostWaiting { get; set; } = 20_000;
}
