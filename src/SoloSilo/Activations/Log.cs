using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Solo;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Grain {GrainId} failed to activate.")]
    public static partial void ActivationFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(2, LogLevel.Error, "OnDeactivateAsync of grain {GrainId} failed; the activation ends all the same.")]
    public static partial void DeactivationFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(3, LogLevel.Warning, "Disposing the object of grain {GrainId} failed.")]
    public static partial void DisposalFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(4, LogLevel.Warning, "A timer tick of grain {GrainId} failed; the timer goes on.")]
    public static partial void TimerTickFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(5, LogLevel.Warning, "{Method} of grain {GrainId} failed, and nobody waits for it.")]
    public static partial void OneWayCallFailed(ILogger logger, Exception exception, string method, GrainId grainId);

    [LoggerMessage(6, LogLevel.Debug, "{Method} of grain {GrainId} failed.")]
    public static partial void CallFailed(ILogger logger, Exception exception, string method, GrainId grainId);

    [LoggerMessage(7, LogLevel.Warning, "{Method} of grain {GrainId} did not answer within {Timeout}.")]
    public static partial void CallTimedOut(ILogger logger, string method, GrainId grainId, TimeSpan timeout);

    [LoggerMessage(8, LogLevel.Warning, "Grain {GrainId} let an InconsistentStateException escape; its activation ends.")]
    public static partial void StaleActivation(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(9, LogLevel.Error, "Grain {GrainId} has been deactivating for longer than {Bound}; calls go to a new activation.")]
    public static partial void StuckActivation(ILogger logger, GrainId grainId, TimeSpan bound);

    [LoggerMessage(10, LogLevel.Information, "Solo silo started: {GrainClasses} grain classes, {Contracts} contracts.")]
    public static partial void Started(ILogger logger, int grainClasses, int contracts);

    [LoggerMessage(11, LogLevel.Information, "Solo silo stops: {Activations} activations to end.")]
    public static partial void Stopping(ILogger logger, int activations);

    [LoggerMessage(12, LogLevel.Warning, "Solo silo stopped with {Activations} activations and {Calls} calls unfinished.")]
    public static partial void StoppedUnfinished(ILogger logger, int activations, int calls);

    [LoggerMessage(13, LogLevel.Critical, "A turn of grain {GrainId} failed outside the grain's code: this is a fault of the silo.")]
    public static partial void TurnFailed(ILogger logger, Exception exception, GrainId grainId);
}
