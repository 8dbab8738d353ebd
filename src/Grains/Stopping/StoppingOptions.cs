using System.ComponentModel.DataAnnotations;

namespace EmergencyStop.Grains.Stopping;

/// <summary>How stops are carried out.</summary>
public sealed class StoppingOptions
{
    /// <summary>Grain calls of one fan-out that are under way at once.</summary>
    /// <value>1 to 4,096; default 256: measured fastest for 100,000 grains, with the least harm to unrelated calls.</value>
    [Range(1, 4096)]
    public int FanOutWindow { get; set; } = 256;

    /// <summary>Orders handed to one user's grain in one call.</summary>
    /// <value>1 to 10,000; default 1,024: a message of a few hundred kilobytes.</value>
    [Range(1, 10_000)]
    public int OrdersPerCall { get; set; } = 1024;

    /// <summary>How long after the press a stop with unmet obligations is still called working.</summary>
    /// <value>0 to 5 min; default 5 s: twice the send window, so that an order of unclear fate is settled within it.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Wait before the second pass, and after each that leaves less owed; it doubles with each that does not.</summary>
    /// <value>10 ms to 1 min; default 200 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait between two passes.</summary>
    /// <value>100 ms to 10 min; default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RetryCeiling { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one account's cancels, reads or closing may keep the other accounts of the same stop waiting.</summary>
    /// <value>50 ms to 25 s; default 1 s. What takes longer goes on beside the rest, and the next pass asks what came of it.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:25")]
    public TimeSpan AccountWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a part of a first sweep that another grain was handed (a partition, a symbol, a strategy) may keep the rest of the pass waiting.</summary>
    /// <value>100 ms to 25 s; default 5 s. What is not swept by then is owed still, and later passes sweep it themselves.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:25")]
    public TimeSpan SliceWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for a time that an obligation names, as a market's opening: it may open earlier than announced.</summary>
    /// <value>1 s to 1 h; default 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often each process reads the ledger for stops that nobody carries on.</summary>
    /// <value>100 ms to 1 min; default 2 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan RecoverEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an order that was inferred never to have been sent stays watched.</summary>
    /// <value>1 min to 7 days; default 24 h.</value>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan WatchInferred { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The wait before pass <paramref name="next"/>, from 2 on.</summary>
    public TimeSpan Backoff(int next)
    {
        var doubled = FirstRetry * Math.Pow(2, Math.Clamp(next - 2, 0, 20));
        return doubled < RetryCeiling ? doubled : RetryCeiling;
    }
}
