using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <content>The call that lifts one stop.</content>
public sealed partial class EmergencyStopClient
{
    /// <summary>Lifts one stop. It restarts nothing: strategies stay paused until each is resumed.</summary>
    /// <param name="stopId">Which.</param>
    /// <param name="reason">Why, in words; 1 to 500 characters.</param>
    /// <param name="resumeStrategies">Resume the strategies that this stop paused; a risk officer only.</param>
    /// <param name="despiteOutstanding">Open what owes nothing although something is owed: whoever owes stays stopped and is chased; a risk officer only.</param>
    /// <param name="idempotencyKey">The caller's own name for this release, 1 to 128 visible ASCII characters; default a new one.</param>
    /// <param name="cancellationToken">Gives the call up; the release may or may not have been carried out.</param>
    /// <returns>Who holds the gate still, and what stays paused; without a release time when the stop was released in part only.</returns>
    /// <exception cref="EmergencyStopException">
    /// <c>not_found</c>, <c>forbidden</c>, <c>stop_working</c>, <c>obligations_open</c>, <c>cannot_narrow</c>, <c>holds_nothing</c>, or not answered.
    /// </exception>
    public Task<ReleaseResult> ReleaseAsync(
        string stopId, string reason, bool resumeStrategies = false, bool despiteOutstanding = false, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var body = new ReleaseBody(reason, resumeStrategies ? true : null, despiteOutstanding ? true : null);
        return _link.SendAsync<ReleaseResult>(
            ServiceCall.Post($"emergency-stop/stops/{Part(stopId, nameof(stopId))}/release", body, KeyFor(idempotencyKey)), cancellationToken);
    }
}
