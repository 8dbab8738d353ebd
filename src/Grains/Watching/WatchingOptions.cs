using System.ComponentModel.DataAnnotations;

namespace EmergencyStop.Grains.Watching;

/// <summary>How venues are looked at while a stop holds, and how their links are tried.</summary>
public sealed class WatchingOptions
{
    /// <summary>How often the open orders of each account in a latched scope are read, however many processes there are, at a venue that does not push its changes.</summary>
    /// <value>100 ms to 5 min; default 2 s: 30 of Alpaca's 200 calls a minute, and never out of the share reserved for cancels.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan WatchEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The same at a venue that pushes: a push may have been lost.</summary>
    /// <value>100 ms to 1 h; default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan WatchPushingEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Accounts that are looked at, or tried, at once by one process.</summary>
    /// <value>1 to 1,024; default 64: a slow one holds one place and nobody else.</value>
    [Range(1, 1024)]
    public int Window { get; set; } = 64;

    /// <summary>How often the link of each account in use is tried by a cheap read (F26).</summary>
    /// <value>100 ms to 5 min; default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan HeartbeatEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the answer to a heartbeat.</summary>
    /// <value>50 ms to 30 s; default 3 s: longer than one attempt at the venue, or its silence would not be noticed.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan HeartbeatTimeout { get; set; } = TimeSpan.FromSeconds(3);
}
