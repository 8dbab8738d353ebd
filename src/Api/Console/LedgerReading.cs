using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Console;

/// <summary>Reads for pages: each part of a page waits only so long, and one that cannot be read says so and keeps no other from being shown.</summary>
internal sealed partial class LedgerReading(TimeProvider time, IOptions<ConsoleOptions> options, ILogger<LedgerReading> log)
{
    /// <summary>What the ledger says, or why it says nothing.</summary>
    public async Task<Reading<T>> ReadAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return new(await LedgerPatience.WithinAsync(read, options.Value.ReadWait, time), null);
        }
        catch (LedgerUnavailableException)
        {
            return new(null, "This cannot be read now: the ledger does not answer.");
        }
        catch (Exception e) when (e is not (OutOfMemoryException or ArgumentException))
        {
            LogUnreadable(e); // The panic button stands on the same page.
            return new(null, "This cannot be read now: the reading has failed, and the log says why.");
        }
    }

    [LoggerMessage(EventIds.PartUnreadable, LogLevel.Error, "A part of a page of the console could not be read")]
    private partial void LogUnreadable(Exception e);
}
