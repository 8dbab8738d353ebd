using EmergencyStop.Ids;
using EmergencyStop.Releasing;

namespace EmergencyStop.Stopping;

/// <summary>The one entry to stopping and releasing, for the API, the bus and the rules.</summary>
/// <remarks>
/// <see cref="StopAsync"/> closes the gate in the ledger before it touches any grain. Whoever waits may give up waiting;
/// the stop goes on. Authority over a target is checked here, not by the callers.
/// </remarks>
public interface IEmergencyStopSystem
{
    /// <summary>Engages a stop, then waits at most <paramref name="wait"/> for its flow.</summary>
    /// <returns>Once the gate is closed: the stop and its result so far; or why there is none.</returns>
    Task<StopAnswer> StopAsync(EmergencyStopRequest request, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>What such a stop would touch.</summary>
    Task<StopPreview> PreviewAsync(StopTarget target, StopOptions options, CancellationToken cancellationToken);

    /// <summary>Lifts one stop, or says why not.</summary>
    Task<ReleaseAnswer> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken);

    /// <summary>The stop's result so far, waiting at most <paramref name="wait"/> for its flow; <c>null</c> if there is no such stop.</summary>
    Task<EmergencyStopResult?> ResultAsync(StopId stop, TimeSpan wait, CancellationToken cancellationToken);
}

/// <summary>The answer to a stop.</summary>
public abstract record StopAnswer
{
    private StopAnswer()
    {
    }

    /// <summary>The gate is closed.</summary>
    /// <param name="Stop">The stop.</param>
    /// <param name="Result">What it has come to so far.</param>
    /// <param name="Repeated">Whether it stood before this request.</param>
    public sealed record Engaged(Stop Stop, EmergencyStopResult Result, bool Repeated) : StopAnswer;

    /// <summary>The idempotency key was used for something else.</summary>
    public sealed record KeyReused(StopId Stop) : StopAnswer;

    /// <summary>The caller may not stop this target.</summary>
    public sealed record Forbidden(string Why) : StopAnswer;
}
