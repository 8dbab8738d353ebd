using EmergencyStop.Venues;
using EmergencyStop.Venues.Sending;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>
/// One order on its way: rate limit, connect, permit, write, and the answer. It is carried out at most once, by the
/// window's end at the latest, or reset.
/// </summary>
internal sealed class OrderSending(LinkAccount account, VenueOrder order, VenueReplacement? replacement, ISendPermit permit)
    : TaskCompletionSource<PlaceOutcome>
{
    private const int MostResends = 3;
    private static readonly TimeSpan Unanswered = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnyTime = TimeSpan.FromSeconds(30);
    private static readonly Action<object?> Connect = static s => ((OrderSending)s!).BeginConnect(); // the state is handed over beside it
    private static readonly Action<object?> Connected = static s => ((OrderSending)s!).EndConnect(); // the state is handed over beside it
    private static readonly Action<object?> Arrive = static s => ((OrderSending)s!).Reach(late: false); // the state is handed over beside it
    private static readonly Action<object?> ArriveLate = static s => ((OrderSending)s!).Reach(late: true); // the state is handed over beside it
    private static readonly Action<object?> Return = static s => ((OrderSending)s!).Answer(); // the state is handed over beside it
    private static readonly Action<object?> Expire = static s => ((OrderSending)s!).TimeOut(); // the state is handed over beside it
    private static readonly Action<object?> Again = static s => ((OrderSending)s!).Resend(); // the state is handed over beside it
    private static readonly Action<object?> Reset = static s => ((OrderSending)s!).EndWindow(); // the state is handed over beside it
    private readonly VenueLink _link = account.Link;
    private readonly SimulatedWorld _world = account.Link.Venue.World;
    private CancellationTokenRegistration _windowEnd;
    private CancellationTokenRegistration _givenUp;
    private LinkAccount.Way _way;
    private VenuePhase _phase = VenuePhase.RateLimit;
    private TimeSpan _writtenAt;
    private PlaceOutcome? _answer;
    private bool _reset;
    private int _resent;

    private bool AsksFirst => _link.Bug == VenueBug.PermitBeforeConnect;

    private bool IgnoresWindow => _link.Bug is VenueBug.WindowNotReset or VenueBug.PermitBeforeConnect or VenueBug.RetriesPlace;

    /// <summary>Sets out.</summary>
    public void Begin(CancellationToken cancellationToken)
    {
        if (AsksFirst && !TryTake())
        {
            return;
        }

        _way = account.DrawWay(TimeSpan.MaxValue);
        if (_way.RateLimit > TimeSpan.Zero)
        {
            _world.After(_way.RateLimit, _link.Process, Connect, this);
        }
        else
        {
            BeginConnect();
        }

        _windowEnd = permit.WindowEnd.UnsafeRegister(Reset, this);
        _givenUp = cancellationToken.UnsafeRegister(Reset, this);
    }

    private void BeginConnect()
    {
        if (!Task.IsCompleted)
        {
            _phase = VenuePhase.Connect;
            _world.After(_way.Connect, _link.Process, Connected, this);
        }
    }

    private void EndConnect()
    {
        if (Task.IsCompleted)
        {
            return;
        }

        if (_way.Failure is { } failure)
        {
            Finish(new PlaceOutcome.NotSent(failure.Phase, failure.Reason));
        }
        else if (AsksFirst || TryTake())
        {
            Write(); // Between the permit and the write there is no wait.
        }
    }

    private bool TryTake()
    {
        var taken = permit.TryTake(out var why);
        if (!taken)
        {
            Finish(new PlaceOutcome.NotSent(VenuePhase.Connect, why ?? "The permit was refused."));
        }

        return taken;
    }

    private void Write()
    {
        (_phase, _writtenAt) = (VenuePhase.Write, _world.Now);
        if (account.Strikes(VenueFault.LateWrite))
        {
            _world.After(_link.Faults.SendWindow + account.Random.LogBetween(Unanswered, _link.Faults.LateWriteUpTo), null, ArriveLate, this);
            WaitFor(_link.Venue.Settings.CallTimeout);
            return;
        }

        var leg = account.DrawLeg(VenueFault.SlowRequest);
        if (_link.Bug == VenueBug.WindowNotReset && leg > VenueLink.LongestUnwatched)
        {
            leg = account.Random.LogBetween(Unanswered, AnyTime);
        }

        _world.After(leg, null, Arrive, this);
        WaitFor(leg);
        if (_link.Bug == VenueBug.RetriesPlace)
        {
            _world.After(Unanswered, _link.Process, Again, this);
        }
    }

    /// <summary>The window is over: nothing is begun any more, and the connection of an unfinished write is reset.</summary>
    private void EndWindow()
    {
        if (Task.IsCompleted || (AsksFirst && _phase < VenuePhase.Write))
        {
            return;
        }

        if (_phase < VenuePhase.Write)
        {
            Finish(new PlaceOutcome.NotSent(_phase, "The send window is over."));
            return;
        }

        if (_link.Bug == VenueBug.RetriesPlace)
        {
            Resend();
        }

        _reset = !IgnoresWindow;
        var phase = _phase == VenuePhase.Acknowledge || account.Random.Chance(0.5) ? VenuePhase.Acknowledge : VenuePhase.Write;
        Finish(new PlaceOutcome.Unknown(phase, "No answer came within the send window; the connection was reset."));
    }

    private void Reach(bool late)
    {
        if (!late && IsGone())
        {
            return;
        }

        if (account.IsDown() || account.Strikes(VenueFault.RequestLost))
        {
            WaitFor(_link.Venue.Settings.CallTimeout);
            return;
        }

        _phase = VenuePhase.Acknowledge;
        var answer = AtVenue(late);
        if (account.Strikes(VenueFault.AnswerLost))
        {
            WaitFor(_link.Venue.Settings.CallTimeout);
            return;
        }

        _answer ??= answer;
        var leg = account.DrawLeg(VenueFault.SlowAnswer);
        WaitFor(leg);
        _world.After(leg, _link.Process, Return, this);
    }

    private PlaceOutcome AtVenue(bool late)
    {
        if (account.Strikes(VenueFault.RateLimited))
        {
            return _link.Venue.RefuseUnread(order, replacement, _link.Process.Name, late);
        }

        if (account.Strikes(VenueFault.Unavailable))
        {
            if (account.Random.Chance(0.5))
            {
                Apply(late);
            }

            return new PlaceOutcome.Unknown(VenuePhase.Unavailable, CallFailure.CannotServe.Reason);
        }

        var outcome = Apply(late);
        return account.Strikes(VenueFault.AnswerGarbled)
            ? new PlaceOutcome.Unknown(VenuePhase.Answer, CallFailure.Garbled.Reason)
            : outcome;
    }

    private PlaceOutcome Apply(bool late) => replacement is null
        ? _link.Venue.Place(order, _link.Process.Name, late)
        : _link.Venue.Replace(replacement, _link.Process.Name, late);

    private void Answer()
    {
        if (Task.IsCompleted)
        {
            return;
        }

        if (account.IsDown())
        {
            WaitFor(_link.Venue.Settings.CallTimeout);
        }
        else
        {
            Finish(_answer!); // It is on its way back.
        }
    }

    /// <summary>Whether the connection was reset, or cannot have lasted without the process that held it.</summary>
    private bool IsGone()
    {
        if (_reset || IgnoresWindow)
        {
            return _reset;
        }

        if (_link.WindowEndOf?.Invoke(order.Id) is { } end)
        {
            return _world.Now > end;
        }

        var holds = _link.Process.IsAlive && _link.Process.FrozenUntil <= _world.Now;
        return !holds && _world.Now - _writtenAt > VenueLink.LongestUnwatched;
    }

    /// <summary>A caller whose permit never ends has the link's own patience.</summary>
    private void WaitFor(TimeSpan wait)
    {
        var patience = _link.Venue.Settings.CallTimeout * 2;
        if (wait >= _link.Venue.Settings.CallTimeout && !Task.IsCompleted)
        {
            _world.After(_writtenAt + patience - _world.Now, _link.Process, Expire, this);
        }
    }

    private void TimeOut() => Finish(new PlaceOutcome.Unknown(VenuePhase.Acknowledge, CallFailure.NoAnswer.Reason));

    private void Resend()
    {
        if (!Task.IsCompleted && _resent++ < MostResends)
        {
            _world.After(account.DrawLeg(VenueFault.SlowRequest), null, Arrive, this);
            _world.After(Unanswered, _link.Process, Again, this);
        }
    }

    private void Finish(PlaceOutcome outcome)
    {
        _windowEnd.Unregister();
        _givenUp.Unregister();
        TrySetResult(outcome);
    }
}
