using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <content>The call that lifts one stop.</content>
public sealed partial class EmergencyStopClient
{
    /// <summary>Lifts one stop. It restarts nothing: strategies stay paused until each is resumed.</summary>
    /// <param name="stopId">Which.</param>
    /// <param name="reason">Why, in words; 1 to 500 characters.</param>
    /// <param name="resumeStrategies">Resume the strategies that this stop paused; a risk officer only.</param>
    /// <param name="idempotencyKey">The caller's own name for this release, 1 to 128 visible ASCII characters; default a new one.</param>
    /// <param name="cancellationToken">Gives the call up; the release may or may not have been carried out.</param>
    /// <returns>Who holds the gate still, and what stays paused.</returns>
    /// <exception cref="EmergencyStopException">
    /// <c>not_found</c>, <c>forbidden</c>, <c>stop_working</c>, <c>obligations_open</c>, <c>holds_nothing</c>, or not answered.
    /// </exception>
    public Task<ReleaseResult> ReleaseAsync(
        string stopId, string reason, bool resumeStrategies = false, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var body = new ReleaseBody(reason, resumeStrategies ? true : null);
        return _link.SendAsync<ReleaseResult>(
            ServiceCall.Post($"emergency-stop/stops/{Part(stopId, nameof(stopId))}/release", body, KeyFor(idempotencyKey)), cancellationToken);
    }
}
