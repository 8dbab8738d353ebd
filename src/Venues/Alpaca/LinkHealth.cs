using System.Collections.Concurrent;
using System.Collections.Immutable;
using EmergencyStop.Ids;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Venues.Alpaca;

/// <summary>How the links of the accounts are, by what their calls came to; never by whether a socket is connected (F26).</summary>
/// <remarks>
/// Any answer below 500 is a sign of life. A call that was written and went unanswered makes its link <c>silent</c> until
/// the next answer; one that could not be made, or was answered with 5xx, makes it <c>down</c>. A link that was asked longer
/// than <see cref="AlpacaOptions.SilentAfter"/> ago and has said nothing since is <c>silent</c> too; one that nobody has
/// asked for that long is <c>unknown</c>.
/// </remarks>
internal sealed partial class LinkHealth(TimeProvider time, ILogger logger, string venue, TimeSpan silentAfter)
{
    public const string Up = "up";
    public const string Silent = "silent";
    public const string Down = "down";
    public const string Unasked = "unknown";
    private const int MostNamed = 100;

    private readonly ConcurrentDictionary<AccountId, Link> _links = new();
    private readonly Lock _gate = new();
    private (string State, DateTimeOffset Since) _said = (Unasked, time.GetUtcNow());
    private string? _lastError;

    /// <summary>As of now: silence grows old without anybody's call.</summary>
    public VenueHealth Now
    {
        get
        {
            var now = time.GetUtcNow();
            var accounts = _links.Select(pair => pair.Value.Read(pair.Key, now, silentAfter)).ToArray();
            var state = Worst(accounts);
            Say(state, now, accounts.FirstOrDefault(a => a.State == state)?.LastError);
            lock (_gate)
            {
                return new(
                    state,
                    _said.Since,
                    _lastError,
                    accounts.Max(a => a.LastAnswerAt),
                    [.. accounts.Where(a => a.State is Down or Silent).OrderBy(a => a.Account.Value, StringComparer.Ordinal).Take(MostNamed)]);
            }
        }
    }

    /// <summary>A call begins.</summary>
    public void Ask(AccountId account) => _links.GetOrAdd(account, static _ => new Link()).Ask(time.GetUtcNow());

    /// <summary>Takes in what a call came to.</summary>
    public void See(AccountId account, AlpacaReply reply)
    {
        if (reply.Phase == VenuePhase.RateLimit && !reply.IsAnswer)
        {
            return; // Our own limit says nothing about the link.
        }

        var now = time.GetUtcNow();
        var link = _links.GetOrAdd(account, static _ => new Link());
        var before = link.Read(account, now, silentAfter).State;
        link.See(reply, now);
        var after = link.Read(account, now, silentAfter);
        if (!string.Equals(before, after.State, StringComparison.Ordinal))
        {
            Say(Worst(_links.Select(pair => pair.Value.Read(pair.Key, now, silentAfter))), now, after.LastError);
        }
    }

    private static string Worst(IEnumerable<AccountHealth> accounts)
    {
        var states = accounts.Select(a => a.State).ToHashSet(StringComparer.Ordinal);
        return states.Contains(Down) ? Down : states.Contains(Silent) ? Silent : states.Contains(Up) ? Up : Unasked;
    }

    /// <summary>Logs a change once.</summary>
    private void Say(string state, DateTimeOffset now, string? error)
    {
        lock (_gate)
        {
            _lastError = state == Up ? _lastError : error ?? _lastError;
            if (string.Equals(_said.State, state, StringComparison.Ordinal))
            {
                return;
            }

            _said = (state, now);
        }

        switch (state)
        {
            case Up:
                LogUp(venue);
                break;
            case Silent:
                LogSilent(venue, error ?? string.Empty);
                break;
            case Down:
                LogDown(venue, error ?? string.Empty);
                break;
        }
    }

    [LoggerMessage(VenueEvents.VenueUp, LogLevel.Information, "Venue {Venue} answers")]
    private partial void LogUp(string venue);

    [LoggerMessage(VenueEvents.VenueDown, LogLevel.Warning, "Venue {Venue} does not answer: {Reason}. Orders on their way may become unknown; nothing is taken for granted until it answers")]
    private partial void LogDown(string venue, string reason);

    [LoggerMessage(VenueEvents.VenueSilent, LogLevel.Warning, "Venue {Venue} takes calls and says nothing: {Reason}. What was sent to it is unknown until it answers")]
    private partial void LogSilent(string venue, string reason);

    private sealed class Link
    {
        private readonly Lock _gate = new();
        private DateTimeOffset? _lastAnswerAt;
        private DateTimeOffset _heardAt;
        private DateTimeOffset _askedAt;
        private string _state = Unasked;
        private string? _lastError;

        public void Ask(DateTimeOffset now)
        {
            lock (_gate)
            {
                _askedAt = _askedAt > _heardAt ? _askedAt : now; // The first of those that wait.
            }
        }

        public void See(AlpacaReply reply, DateTimeOffset now)
        {
            var alive = reply.IsAnswer && reply.Status < 500;
            lock (_gate)
            {
                _heardAt = now;
                _lastAnswerAt = reply.IsAnswer ? now : _lastAnswerAt;
                _state = alive ? Up : !reply.IsAnswer && reply.Phase is VenuePhase.Write or VenuePhase.Acknowledge && !reply.Closed ? Silent : Down;
                _lastError = alive ? _lastError : reply.Failure().Reason;
            }
        }

        public AccountHealth Read(AccountId account, DateTimeOffset now, TimeSpan silentAfter)
        {
            lock (_gate)
            {
                if (_askedAt > _heardAt && now - _askedAt > silentAfter)
                {
                    return new(account, Silent, _lastAnswerAt, "It was asked and has said nothing for a while.");
                }

                return new(account, _heardAt != default && now - _heardAt > silentAfter ? Unasked : _state, _lastAnswerAt, _lastError);
            }
        }
    }
}
