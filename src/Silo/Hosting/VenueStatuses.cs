using System.Collections.Immutable;
using EmergencyStop.Venues;

namespace EmergencyStop.Silo.Hosting;

/// <summary>Tells <c>/status</c> how the venue's link is.</summary>
internal sealed class VenueStatuses(IVenue venue, TimeProvider time) : IVenueStatusSource
{
    /// <inheritdoc/>
    public ImmutableArray<VenueStatus> Venues
    {
        get
        {
            var health = venue.Health;
            return
            [
                new(
                    venue.Description.Name,
                    health.State,
                    health.Since,
                    health.LastError,
                    health.LastAnswerAt,
                    health.LastAnswerAt is { } at ? Math.Round((time.GetUtcNow() - at).TotalMilliseconds) : null)
                {
                    Accounts = health.Accounts.IsDefault ? [] : [.. health.Accounts.Select(a => new AccountLink(a.Account.Value, a.State, a.LastAnswerAt, a.LastError))],
                },
            ];
        }
    }
}
