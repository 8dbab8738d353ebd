using EmergencyStop.Grains.Braking;
using Orleans.Runtime;

namespace EmergencyStop.Silo.Hosting;

/// <summary>Ends the process when Orleans cannot go on, as when the others have put this silo out of the cluster: no order is written first, then it ends.</summary>
/// <remarks>Orleans' own handler goes on sending for two seconds before it ends the process.</remarks>
internal sealed partial class LastOrders(BrakeLatches latches, ILogger<LastOrders> log) : IFatalErrorHandler
{
    private static readonly TimeSpan ForTheLog = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => true;

    /// <inheritdoc/>
    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        latches.Shut();
        LogEnds(exception, sender?.GetType().Name, context);
        using var never = new ManualResetEventSlim();
        never.Wait(ForTheLog);
        Environment.FailFast($"Orleans cannot go on: {context}", exception);
    }

    [LoggerMessage(EventIds.SiloEnds, LogLevel.Critical, "This silo ends: {Sender} cannot go on ({Context}). It sends no more orders; the others take over what it had")]
    private partial void LogEnds(Exception? e, string? sender, string? context);
}
