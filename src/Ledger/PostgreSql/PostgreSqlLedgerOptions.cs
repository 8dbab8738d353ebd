using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>How the PostgreSQL ledger is driven.</summary>
public sealed class PostgreSqlLedgerOptions
{
    /// <summary>The section of these settings.</summary>
    public const string Section = "PostgreSql";

    /// <summary>Longest wait for a connection.</summary>
    /// <value>1 to 60 s; default 3 s. Whole seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Longest time that one statement which writes may take, locks included.</summary>
    /// <value>1 to 60 s; default 5 s. Whole seconds.</value>
    /// <remarks>On expiry the server ends the statement, and its jobs fail with <see cref="LedgerUnavailableException"/>.</remarks>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time that one statement which reads may take.</summary>
    /// <value>1 to 600 s; default 30 s. Whole seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time that a transaction waits for the process that began it; then the server ends its connection.</summary>
    /// <value>100 ms to 60 s; default 1 s: a frozen process holds other writers up no longer. A stop ends whoever is idle on the gate lock sooner, after 150 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time that one slice of a long list works before it commits.</summary>
    /// <value>1 ms to 1 s; default 50 ms: a release waits for the slice under way, a stop and an admission do not.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:01", ParseLimitsInInvariantCulture = true)]
    public TimeSpan BatchBudget { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Most orders that one commit admits.</summary>
    /// <value>1 to 10,000; default 64: a stop waits for at most one such commit, which works about as long as it takes to reach the disk.</value>
    [Range(1, 10_000)]
    public int LargestBatch { get; set; } = 64;

    /// <summary>Connections that admit.</summary>
    /// <value>1 to 16; default 2: while the commit of one is on its way to the disk, the other works.</value>
    [Range(1, 16)]
    public int Admitters { get; set; } = 2;

    /// <summary>Most jobs that wait, stops and the like apart; more are refused at once.</summary>
    /// <value>100 to 10,000,000; default 200,000.</value>
    [Range(100, 10_000_000)]
    public int QueueLimit { get; set; } = 200_000;

    /// <summary>Connections that read.</summary>
    /// <value>1 to 64; default 4. A process holds seven more: two that write, two that admit, one each that engages, watches and frees the gate.</value>
    [Range(1, 64)]
    public int Readers { get; set; } = 4;

    /// <summary>Longest wait at the start for another service to let go of the ledger: a server may notice a moment later that a process was killed.</summary>
    /// <value>0 to 60 s; default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan AloneTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time that closing the ledger goes on with queued work.</summary>
    /// <value>0 to 60 s; default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Checks <see cref="PostgreSqlLedgerOptions"/> at start.</summary>
[OptionsValidator]
public sealed partial class PostgreSqlLedgerOptionsValidator : IValidateOptions<PostgreSqlLedgerOptions>;
