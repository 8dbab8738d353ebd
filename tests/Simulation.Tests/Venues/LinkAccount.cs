using EmergencyStop.Ids;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>One account on one process's link: its own stream of chance.</summary>
internal sealed class LinkAccount(VenueLink link, AccountId id)
{
    private static readonly TimeSpan Fastest = TimeSpan.FromMilliseconds(0.1);
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);

    public VenueLink Link { get; } = link;

    public AccountId Id { get; } = id;

    public SeededRandom Random { get; } = link.Venue.World.RandomOf($"link/{link.Process.Name}/{id}");

    public bool Strikes(VenueFault fault) => Link.Venue.Strikes(fault, Id, Random, Link.Faults, Link.Process.Name);

    /// <summary>Whether the account cannot be reached now; then that is in the record.</summary>
    public bool IsDown()
    {
        var down = Link.Faults.DownUntil(Id) > Link.Venue.World.Now;
        if (down)
        {
            Link.Venue.Met(VenueFault.Down, Id, Link.Faults, Link.Process.Name);
        }

        return down;
    }

    /// <summary>Rate limit and connect: how long they take, and whether there is a connection then.</summary>
    /// <param name="patience">A call that waits longer for the rate limit gives up; an order has its window instead.</param>
    public Way DrawWay(TimeSpan patience)
    {
        var limit = Strikes(VenueFault.RateLimitWait) ? Random.LogBetween(Short, Link.Faults.RateLimitWaitUpTo) : TimeSpan.Zero;
        if (limit >= patience)
        {
            return new(patience, TimeSpan.Zero, CallFailure.NoRoom);
        }

        var timeout = Link.Venue.Settings.ConnectTimeout;
        if (IsDown() || Strikes(VenueFault.ConnectFailed))
        {
            return new(limit, Random.Chance(0.5) ? Fast : timeout, CallFailure.Unreachable);
        }

        var connect = Strikes(VenueFault.SlowConnect) ? Random.LogBetween(Short, timeout) : Random.Between(Fastest, Fast);
        return new(limit, connect, null);
    }

    /// <summary>How long the way through the network takes, one way.</summary>
    public TimeSpan DrawLeg(VenueFault slow) =>
        Strikes(slow) ? Random.LogBetween(Link.Faults.SlowFrom, Link.Faults.SlowUpTo) : Random.Between(Fastest, Fast);

    /// <summary>What comes before a write.</summary>
    public readonly record struct Way(TimeSpan RateLimit, TimeSpan Connect, CallFailure? Failure)
    {
        public TimeSpan Wait => RateLimit + Connect;

        public bool IsShort => Wait <= Short;
    }
}
