using System.Runtime.CompilerServices;
using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <content>The calls that look at stops, or at what one would do.</content>
public sealed partial class EmergencyStopClient
{
    private const int PageRows = 100;

    /// <summary>What a stop would touch and leave unprotected, without touching it.</summary>
    /// <param name="target">What would be stopped.</param>
    /// <param name="options">How it would be done; <see cref="StopOptions.Wait"/> has no meaning here.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>As of now; orders come and go until a gate is closed.</returns>
    /// <exception cref="EmergencyStopException">Refused, or not answered.</exception>
    public Task<StopPreview> PreviewAsync(StopTarget target, StopOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        var chosen = options ?? Plain;
        return _link.SendAsync<StopPreview>(
            ServiceCall.Post("emergency-stop/preview", StopBody.Of(target, null, chosen), KeyFor(chosen.IdempotencyKey)), cancellationToken);
    }

    /// <summary>One stop with every outcome.</summary>
    /// <param name="stopId">Which.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="EmergencyStopException"><c>not_found</c>: no such stop, or none that this key may see; or not answered.</exception>
    public Task<StopDetail> FindStopAsync(string stopId, CancellationToken cancellationToken = default) =>
        _link.SendAsync<StopDetail>(ServiceCall.Get($"emergency-stop/stops/{Part(stopId, nameof(stopId))}"), cancellationToken);

    /// <summary>Every stop, newest first, fetched in pages of 100 as they are read.</summary>
    /// <param name="userId">Only the stops of this user's book; <c>null</c> for all that the key may see.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>The stops. Those engaged while the pages are read are not among them.</returns>
    /// <exception cref="EmergencyStopException">Refused, or not answered; pages that were read stay read.</exception>
    public async IAsyncEnumerable<HistoryEntry> HistoryAsync(
        string? userId = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            var path = QueryText.With("emergency-stop/history", ("user_id", userId), ("limit", PageRows), ("cursor", cursor));
            var page = await _link.SendAsync<HistoryPage>(ServiceCall.Get(path), cancellationToken).ConfigureAwait(false);
            foreach (var entry in page.History)
            {
                yield return entry;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }
}
