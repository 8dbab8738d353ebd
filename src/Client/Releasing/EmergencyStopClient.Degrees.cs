using System.Globalization;
using System.Runtime.CompilerServices;
using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <content>What lies between stopped and released.</content>
public sealed partial class EmergencyStopClient
{
    /// <summary>Every unmet debt, fetched in pages of 100 as they are read.</summary>
    /// <param name="stopId">Only what this stop owes; <c>null</c> for every stop.</param>
    /// <param name="userId">Only what is owed in this user's book; <c>null</c> for all that the key may see.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="EmergencyStopException">Refused, or not answered; pages that were read stay read.</exception>
    public async IAsyncEnumerable<Obligation> ObligationsAsync(
        string? stopId = null, string? userId = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            var path = QueryText.With(
                "emergency-stop/obligations", ("stop_id", stopId), ("user_id", userId), ("limit", PageRows), ("cursor", cursor));
            var page = await _link.SendAsync<ObligationsPage>(ServiceCall.Get(path), cancellationToken).ConfigureAwait(false);
            foreach (var obligation in page.Obligations)
            {
                yield return obligation;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>Gives one debt of a stop up, by name; a risk officer only.</summary>
    /// <param name="stopId">Which stop's.</param>
    /// <param name="kind">What is owed.</param>
    /// <param name="item">Which: as <see cref="ObligationsAsync"/> names it.</param>
    /// <param name="reason">Why, in words; 1 to 500 characters.</param>
    /// <param name="idempotencyKey">The caller's own name for this call; default a new one.</param>
    /// <param name="cancellationToken">Gives the call up; the debt may or may not have been waived.</param>
    /// <exception cref="EmergencyStopException"><c>not_found</c>, <c>no_such_obligation</c>, <c>obligation_met</c>, <c>forbidden</c>, or not answered.</exception>
    public Task<WaiveResult> WaiveAsync(
        string stopId, ObligationKind kind, string item, string reason, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        _link.SendAsync<WaiveResult>(
            ServiceCall.Post(PathOf(stopId, "obligations/waive"), new WaiveBody(kind, item, reason), KeyFor(idempotencyKey)), cancellationToken);

    /// <summary>Lets a part of what a stop stopped trade; a risk officer only. Its strategies stay paused until each is resumed.</summary>
    /// <param name="stopId">Which stop.</param>
    /// <param name="part">Which part: <c>USER:alice</c>, <c>STRATEGY:s1</c>, <c>SYMBOL:BTC-USD</c> or <c>USER:alice/SYMBOL:BTC-USD</c>.</param>
    /// <param name="reason">Why, in words; 1 to 500 characters.</param>
    /// <param name="idempotencyKey">The caller's own name for this call; default a new one.</param>
    /// <param name="cancellationToken">Gives the call up; the part may or may not be open.</param>
    /// <exception cref="EmergencyStopException"><c>stop_working</c>, <c>obligations_open</c>, <c>cannot_carve</c>, <c>validation_failed</c>, <c>forbidden</c>, or not answered.</exception>
    public Task<ExceptResult> ExceptAsync(
        string stopId, string part, string reason, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        _link.SendAsync<ExceptResult>(
            ServiceCall.Post(PathOf(stopId, "except"), new ExceptBody(part, reason), KeyFor(idempotencyKey)), cancellationToken);

    /// <summary>Puts a part back: its gate is closed in one commit, and the stop works anew. As a stop, it is not taken back by a cancelled token.</summary>
    /// <param name="stopId">Which stop.</param>
    /// <param name="part">Which part.</param>
    /// <param name="reason">Why, in words; 1 to 500 characters.</param>
    /// <param name="idempotencyKey">The caller's own name for this call; default a new one.</param>
    /// <param name="cancellationToken">Abandons the wait, never the closing.</param>
    /// <exception cref="EmergencyStopException"><c>not_carved_out</c>, <c>cannot_carve</c>, <c>forbidden</c>, or not answered.</exception>
    public Task<ExceptResult> PutBackAsync(
        string stopId, string part, string reason, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        _link.PressAsync<ExceptResult>(
            ServiceCall.Post(PathOf(stopId, "except/remove"), new ExceptBody(part, reason), KeyFor(idempotencyKey)), cancellationToken);

    /// <summary>Makes a standing stop close positions too. As a stop, it is not taken back by a cancelled token.</summary>
    /// <param name="stopId">Which.</param>
    /// <param name="reason">Why, in words; 1 to 500 characters.</param>
    /// <param name="wait">How long the service waits for the end; default 5 s, the service's own unless it is set otherwise.</param>
    /// <param name="idempotencyKey">The caller's own name for this call; default a new one.</param>
    /// <param name="cancellationToken">Abandons the wait, never the closing.</param>
    /// <returns>The result; <see cref="StopState.Working"/> when the stop goes on after the wait: <see cref="WatchAsync"/> follows it.</returns>
    /// <exception cref="EmergencyStopException"><c>not_found</c>, <c>cannot_escalate</c>, <c>forbidden</c>, or not answered.</exception>
    public Task<StopResult> ClosePositionsAsync(
        string stopId, string reason, TimeSpan? wait = null, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        var path = QueryText.With(
            PathOf(stopId, "close-positions"), ("wait_ms", ((long?)wait?.TotalMilliseconds)?.ToString(CultureInfo.InvariantCulture)));
        var call = ServiceCall.Post(path, new EscalateBody(reason), KeyFor(idempotencyKey));
        return _link.PressAsync<StopResult>(call with { Wait = wait ?? ServiceCall.UsualWait }, cancellationToken);
    }

    private static string PathOf(string stopId, string tail) => $"emergency-stop/stops/{Part(stopId, nameof(stopId))}/{tail}";
}
