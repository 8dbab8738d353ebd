using System.ComponentModel.DataAnnotations;

namespace EmergencyStop.Grains.Events;

/// <summary>How events are kept and delivered; section <c>Events</c>.</summary>
public sealed class EventOptions
{
    /// <summary>Age from which an event is dropped, once every handler has had it.</summary>
    /// <value>1 min to 90 days; default 7 days: whoever was away for longer reads the stops again.</value>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Most events that are kept; what is further back is dropped even if a handler has not had it.</summary>
    /// <value>1,000 to 100,000,000; default 1,000,000, which take about half a gigabyte.</value>
    [Range(1_000, 100_000_000)]
    public long KeepAtMost { get; set; } = 1_000_000;

    /// <summary>How often old events are dropped.</summary>
    /// <value>100 ms to 1 h; default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan PruneEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an event is tried before it is set aside; the first time counts.</summary>
    /// <value>1 to 20; default 3.</value>
    [Range(1, 20)]
    public int Attempts { get; set; } = 3;

    /// <summary>Wait before the second attempt; it doubles with each further one, up to 30 s. Before that of an emergency stop it stays a tenth of this.</summary>
    /// <value>10 ms to 30 s; default 500 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a handler may take over one event. It is cancelled then, and not waited for.</summary>
    /// <value>10 ms to 60 s; default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a process has a handler for itself after it last said so; another one takes over then.</summary>
    /// <value>2 s to 10 min, and more than twice <see cref="HandlerTimeout"/>; default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often is looked for what another process has recorded, and for what a person wants tried again.</summary>
    /// <value>10 ms to 60 s; default 1 s. What this process records wakes its handlers at once.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(1);
}
