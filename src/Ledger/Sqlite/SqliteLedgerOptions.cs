using System.ComponentModel.DataAnnotations;
using EmergencyStop.Ledger.Rows;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Where the SQLite ledger lies and how it is driven.</summary>
public sealed class SqliteLedgerOptions
{
    /// <summary>The file. Its folder must be on a local disk: SQLite's write-ahead log does not work over a network.</summary>
    /// <value>A path; the folder is made if it is missing. No default.</value>
    [Required]
    public string Path { get; set; } = string.Empty;

    /// <summary>Longest wait for another process that holds the write lock.</summary>
    /// <value>100 ms to 60 s; default 5 s.</value>
    /// <remarks>On expiry the jobs of the batch fail with <see cref="LedgerUnavailableException"/>.</remarks>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time that one batch works before it commits.</summary>
    /// <value>0.2 to 5 ms; default 2 ms: a stop must not wait behind it.</value>
    [Range(typeof(TimeSpan), "00:00:00.0002", "00:00:00.005", ParseLimitsInInvariantCulture = true)]
    public TimeSpan BatchBudget { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Most jobs that wait, stops and the like apart; more are refused at once.</summary>
    /// <value>100 to 10,000,000; default 200,000.</value>
    [Range(100, 10_000_000)]
    public int QueueLimit { get; set; } = 200_000;

    /// <summary>Threads that run bulk reads.</summary>
    /// <value>1 to 32; default 2.</value>
    [Range(1, 32)]
    public int Readers { get; set; } = 2;

    /// <summary>Page cache of the writer, in KiB.</summary>
    /// <value>1,024 to 8,388,608; default 262,144.</value>
    [Range(1_024, 8_388_608)]
    public int WriterCacheKiB { get; set; } = 262_144;

    /// <summary>Page cache of each reader, in KiB.</summary>
    /// <value>256 to 8,388,608; default 16,384.</value>
    [Range(256, 8_388_608)]
    public int ReaderCacheKiB { get; set; } = 16_384;

    /// <summary>Longest time that closing the ledger goes on with queued work.</summary>
    /// <value>0 to 60 s; default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Checks <see cref="SqliteLedgerOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class SqliteLedgerOptionsValidator : IValidateOptions<SqliteLedgerOptions>;
