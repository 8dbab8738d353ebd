using System.ComponentModel.DataAnnotations;

namespace EmergencyStop.Grains.Braking;

/// <summary>How stops go on without the ledger; section <c>Braking</c>.</summary>
public sealed class BrakeOptions
{
    /// <summary>Longest wait for the ledger to engage a stop; then the stop is spooled and brakes.</summary>
    /// <value>50 ms to 30 s; default 1 s: many times a slow commit, and short for somebody with a finger on the button.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan EngageWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for the spool's own disk; then the stop is answered as held in memory only.</summary>
    /// <value>50 ms to 30 s; default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan SpoolWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Wait between the first two looks at the venues; it doubles up to <see cref="LookEvery"/>.</summary>
    /// <value>10 ms to 10 s; default 50 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan FirstLook { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How often the venues are looked at while the stop is not recorded.</summary>
    /// <value>50 ms to 5 min; default 5 s: nobody else watches meanwhile, and a read an account is cheap.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Accounts that one stop looks at at once.</summary>
    /// <value>1 to 1,024; default 32.</value>
    [Range(1, 1024)]
    public int AccountsAtOnce { get; set; } = 32;

    /// <summary>How often recording is tried while a stop is not recorded.</summary>
    /// <value>50 ms to 1 min; default 500 ms: orders are refused until it has worked.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan ReplayEvery { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long after the press positions are still closed without asking again.</summary>
    /// <value>0 to 1 day; default 15 min: by then the market, and the person's mind, may be another.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan CloseWithin { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often the mirror is refreshed, and how old it may be.</summary>
    /// <value>50 ms to 1 min; default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan MirrorEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the ledger's health is asked for.</summary>
    /// <value>50 ms to 1 min; default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan WatchEvery { get; set; } = TimeSpan.FromSeconds(1);
}
