using EmergencyStop.Ids;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Grains.Stopping;

/// <summary>Puts a stop's id on every line that is logged while something is done for it, whoever writes the line.</summary>
internal static class StopLog
{
    private static readonly Func<ILogger, StopId, IDisposable?> Scope = LoggerMessage.DefineScope<StopId>("Stop {StopId}");

    /// <summary>Begins the scope; it ends with its disposal.</summary>
    public static IDisposable? Begin(ILogger log, StopId stop) => Scope(log, stop);
}
