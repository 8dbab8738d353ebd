using System.ComponentModel.DataAnnotations;

namespace EmergencyStop.Grains.Orders;

/// <summary>How orders are sent and followed.</summary>
public sealed class OrderOptions
{
    /// <summary>From before the admission to the last moment at which an order may be written to the venue.</summary>
    /// <value>100 ms to 30 s; default 2 s: longer than a slow connect, short enough that a stop's debts are soon plain.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan SendWindow { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait of a caller for the venue's first answer; after it the order is answered as known.</summary>
    /// <value>0 to 30 s; default 2.5 s: the send window and a little.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan AnswerWait { get; set; } = TimeSpan.FromSeconds(2.5);

    /// <summary>Longest wait for a venue to confirm a cancel; after it the order is unknown and asked about again.</summary>
    /// <value>50 ms to 30 s; default 2 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan ConfirmWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a venue that does not tell of changes is polled, and unclear orders are asked about.</summary>
    /// <value>50 ms to 5 min; default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an order may be in flight or unknown before every process sees to it that somebody follows it.</summary>
    /// <value>100 ms to 10 min; default 7 s: three times as long as an order of unclear fate is waited for.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan UnclearFor { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>How often every process sees to it that somebody polls for the resting orders of a venue that does not tell of changes.</summary>
    /// <value>100 ms to 1 h; default 1 min: an activation that polls is only lost with its process, or where it is ended by force.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan FollowEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Cancels that one user's sweep has under way at once.</summary>
    /// <value>1 to 4,096; default 256: the window at which a fan-out was fastest and disturbed others least.</value>
    [Range(1, 4096)]
    public int CancelWindow { get; set; } = 256;

    /// <summary>Longest time in which one sweep begins new cancels; what is left over is owed to the next pass.</summary>
    /// <value>100 ms to 20 s; default 8 s, so that the answer comes well within a grain call's 30 s whatever the venue's rate limit is.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:20")]
    public TimeSpan SweepBudget { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Orders from which on the venue's own mass cancel is asked for first, where its scope is exactly the stop's.</summary>
    /// <value>2 to 1,000,000; default 10: one call in place of ten is worth the read that must follow it.</value>
    [Range(2, 1_000_000)]
    public int MassCancelFrom { get; set; } = 10;

    /// <summary>How far from the last price a closing order may trade, in percent.</summary>
    /// <value>0.1 to 50; default 5: wide enough to close in a fast market, narrow enough that an empty book is not swept.</value>
    [Range(0.1, 50)]
    public double ClosingCollarPercent { get; set; } = 5;

    /// <summary>Closing attempts of one pass; a stop that is still not flat goes on with its next pass.</summary>
    /// <value>1 to 20; default 3.</value>
    [Range(1, 20)]
    public int ClosingAttempts { get; set; } = 3;

    /// <summary>How long something that was written within its send window may still have an effect: 1.1 windows and the venue's bound.</summary>
    /// <remarks>
    /// For an order of unclear fate: from its first read to its being asked about for good. For a mass cancel: from the start
    /// of its window to the settling of its debt. Both are written at the window's end at the latest and reset if they are
    /// not through by then; the tenth is for clocks that run apart, the bound for what the venue had taken in by the window's end.
    /// </remarks>
    /// <param name="visibilityBound">The longest from a venue's taking something in to its showing there.</param>
    public TimeSpan UnclearWait(TimeSpan visibilityBound) => (SendWindow * 1.1) + visibilityBound;
}
