using Microsoft.Extensions.Logging;

namespace EmergencyStop.Venues.Alpaca;

/// <summary>How the link is, by the last call. Any answer below 500 is a sign of life.</summary>
internal sealed partial class LinkHealth(TimeProvider time, ILogger logger, string venue)
{
    private readonly Lock _gate = new();
    private VenueHealth _now = new("unknown", time.GetUtcNow(), LastError: null);

    public VenueHealth Now => Volatile.Read(ref _now);

    public void See(AlpacaReply reply)
    {
        if (reply.Phase == VenuePhase.RateLimit && !reply.IsAnswer)
        {
            return; // Our own limit says nothing about the link.
        }

        var up = reply.IsAnswer && reply.Status < 500;
        var error = up ? null : reply.Failure().Reason;
        lock (_gate)
        {
            var state = up ? "up" : "down";
            if (string.Equals(_now.State, state, StringComparison.Ordinal))
            {
                Volatile.Write(ref _now, _now with { LastError = error ?? _now.LastError });
                return;
            }

            Volatile.Write(ref _now, new VenueHealth(state, time.GetUtcNow(), error ?? _now.LastError));
        }

        if (up)
        {
            LogUp(venue);
        }
        else
        {
            LogDown(venue, error ?? string.Empty);
        }
    }

    [LoggerMessage(VenueEvents.VenueUp, LogLevel.Information, "Venue {Venue} answers")]
    private partial void LogUp(string venue);

    [LoggerMessage(VenueEvents.VenueDown, LogLevel.Warning, "Venue {Venue} does not answer: {Reason}. Orders on their way may become unknown; nothing is taken for granted until it answers")]
    private partial void LogDown(string venue, string reason);
}
