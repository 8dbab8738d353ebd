using EmergencyStop.Venues;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>How far a call came, where it failed.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Reason">In words.</param>
/// <param name="HadNoEffect">Whether the venue cannot have acted on it, now or later.</param>
internal readonly record struct CallFailure(VenuePhase Phase, string Reason, bool HadNoEffect)
{
    public static CallFailure NoRoom { get; } = new(VenuePhase.RateLimit, "The rate limit left no room in time.", HadNoEffect: true);

    public static CallFailure Unreachable { get; } = new(VenuePhase.Connect, "The venue cannot be reached.", HadNoEffect: true);

    public static CallFailure TooMany { get; } = new(VenuePhase.Unavailable, "429: too many requests", HadNoEffect: true);

    public static CallFailure CannotServe { get; } = new(VenuePhase.Unavailable, "503: the venue cannot serve now", HadNoEffect: false);

    public static CallFailure Garbled { get; } = new(VenuePhase.Answer, "The venue's answer cannot be read.", HadNoEffect: false);

    public static CallFailure NoAnswer { get; } = new(VenuePhase.Acknowledge, "No answer came in time.", HadNoEffect: false);

    public static CallFailure GivenUp { get; } = new(VenuePhase.Acknowledge, "The wait was given up.", HadNoEffect: false);
}

/// <summary>One read or cancel on its way to the venue and back. It has a patience of its own, and takes effect whether or not anybody waits.</summary>
/// <param name="account">Whose.</param>
/// <param name="apply">What it does at the venue, and what comes of it.</param>
/// <param name="bad">What its caller gets where it fails.</param>
/// <param name="heard">Told, with when the venue carried it out, once its caller has its answer.</param>
internal sealed class VenueCall<T>(
    LinkAccount account, Func<T> apply, Func<CallFailure, T> bad, Action<TimeSpan>? heard = null) : TaskCompletionSource<T>
{
    private static readonly Action<object?> Depart = static call => ((VenueCall<T>)call!).Leave(); // the state is handed over beside it
    private static readonly Action<object?> Arrive = static call => ((VenueCall<T>)call!).Reach(); // the state is handed over beside it
    private static readonly Action<object?> Return = static call => ((VenueCall<T>)call!).Answer(); // the state is handed over beside it
    private static readonly Action<object?> Expire = static call => ((VenueCall<T>)call!).TimeOut(); // the state is handed over beside it
    private readonly SimulatedWorld _world = account.Link.Venue.World;
    private readonly TimeSpan _deadline = account.Link.Venue.World.Now + account.Link.Venue.Settings.CallTimeout;
    private TimeSpan _carriedOutAt;
    private bool _watched;
    private T? _answer;
    private CallFailure? _failure;

    public void Begin()
    {
        var way = account.DrawWay(account.Link.Venue.Settings.CallTimeout);
        if (way.Failure is { } failure)
        {
            _failure = failure;
            In(way.Wait, Return);
        }
        else if (way.IsShort)
        {
            _world.After(way.Wait + Leg(), null, Arrive, this);
        }
        else
        {
            In(way.Wait, Depart);
        }
    }

    public void GiveUp() => TrySetResult(bad(CallFailure.GivenUp));

    /// <summary>Nothing is written once nobody waits any more.</summary>
    private void Leave()
    {
        if (!Task.IsCompleted)
        {
            _world.After(Leg(), null, Arrive, this);
        }
    }

    private TimeSpan Leg()
    {
        var leg = account.DrawLeg(VenueFault.SlowRequest);
        WatchIfLater(leg);
        return leg;
    }

    private void Reach()
    {
        if (account.IsDown() || account.Strikes(VenueFault.RequestLost))
        {
            Watch();
            return;
        }

        if (account.Strikes(VenueFault.RateLimited))
        {
            _failure = CallFailure.TooMany;
        }
        else if (account.Strikes(VenueFault.Unavailable))
        {
            _failure = CallFailure.CannotServe;
            if (account.Random.Chance(0.5))
            {
                apply();
            }
        }
        else
        {
            _answer = apply();
            _carriedOutAt = _world.Now;
            _failure = account.Strikes(VenueFault.AnswerGarbled) ? CallFailure.Garbled : null;
        }

        if (account.Strikes(VenueFault.AnswerLost))
        {
            Watch();
        }
        else
        {
            In(account.DrawLeg(VenueFault.SlowAnswer), Return);
        }
    }

    private void Answer()
    {
        if (_failure is { HadNoEffect: true, Phase: VenuePhase.Connect or VenuePhase.RateLimit } || !account.IsDown())
        {
            if (_failure is null && !Task.IsCompleted)
            {
                heard?.Invoke(_carriedOutAt);
            }

            TrySetResult(_failure is { } failure ? bad(failure) : _answer!); // Without a failure there is an answer.
        }
        else
        {
            Watch();
        }
    }

    private void In(TimeSpan wait, Action<object?> step)
    {
        WatchIfLater(wait);
        _world.After(wait, account.Link.Process, step, this);
    }

    private void WatchIfLater(TimeSpan wait)
    {
        if (_world.Now + wait >= _deadline)
        {
            Watch();
        }
    }

    /// <summary>The caller's patience matters only to a call that will not be answered within it.</summary>
    private void Watch()
    {
        if (!_watched)
        {
            _watched = true;
            _world.After(_deadline - _world.Now, account.Link.Process, Expire, this);
        }
    }

    private void TimeOut() => TrySetResult(bad(CallFailure.NoAnswer));
}
