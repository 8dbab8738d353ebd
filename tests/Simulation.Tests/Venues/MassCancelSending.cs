using EmergencyStop.Venues;
using EmergencyStop.Venues.Sending;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>
/// One mass cancel on its way: rate limit, connect, permit, write, and the answer. It is carried out at most once, by the
/// window's end at the latest, or reset.
/// </summary>
internal sealed class MassCancelSending(LinkAccount account, Func<MassCancelOutcome> apply, ISendPermit permit)
    : TaskCompletionSource<MassCancelOutcome>
{
    private static readonly Action<object?> Connect = static s => ((MassCancelSending)s!).BeginConnect(); // the state is handed over beside it
    private static readonly Action<object?> Connected = static s => ((MassCancelSending)s!).EndConnect(); // the state is handed over beside it
    private static readonly Action<object?> Arrive = static s => ((MassCancelSending)s!).Reach(); // the state is handed over beside it
    private static readonly Action<object?> Return = static s => ((MassCancelSending)s!).Answer(); // the state is handed over beside it
    private static readonly Action<object?> Expire = static s => ((MassCancelSending)s!).TimeOut(); // the state is handed over beside it
    private static readonly Action<object?> Reset = static s => ((MassCancelSending)s!).EndWindow(); // the state is handed over beside it
    private readonly VenueLink _link = account.Link;
    private readonly SimulatedWorld _world = account.Link.Venue.World;
    private readonly TimeSpan _begunAt = account.Link.Venue.World.Now;
    private CancellationTokenRegistration _windowEnd;
    private CancellationTokenRegistration _givenUp;
    private LinkAccount.Way _way;
    private VenuePhase _phase = VenuePhase.RateLimit;
    private TimeSpan _writtenAt;
    private MassCancelOutcome? _answer;
    private bool _reset;

    private bool AsksNobody => _link.Bug == VenueBug.MassCancelWithoutPermit;

    /// <summary>Sets out.</summary>
    public void Begin(CancellationToken cancellationToken)
    {
        _way = account.DrawWay(TimeSpan.MaxValue);
        if (_way.RateLimit > TimeSpan.Zero)
        {
            _world.After(_way.RateLimit, _link.Process, Connect, this);
        }
        else
        {
            BeginConnect();
        }

        if (!AsksNobody)
        {
            _windowEnd = permit.WindowEnd.UnsafeRegister(Reset, this);
            _givenUp = cancellationToken.UnsafeRegister(Reset, this);
        }
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
            Finish(new MassCancelOutcome.NotSent(failure.Phase, failure.Reason));
        }
        else if (AsksNobody || permit.TryTake(out var why))
        {
            Write(); // Between the permit and the write there is no wait.
        }
        else
        {
            Finish(new MassCancelOutcome.NotSent(VenuePhase.Connect, why ?? "The permit was refused."));
        }
    }

    private void Write()
    {
        (_phase, _writtenAt) = (VenuePhase.Write, _world.Now);
        _world.After(account.DrawLeg(VenueFault.SlowRequest), null, Arrive, this);
        _world.After(_link.Venue.Settings.CallTimeout * 2, _link.Process, Expire, this);
    }

    /// <summary>The window is over: nothing is begun any more, and the connection of an unfinished write is reset.</summary>
    private void EndWindow()
    {
        if (Task.IsCompleted)
        {
            return;
        }

        if (_phase < VenuePhase.Write)
        {
            Finish(new MassCancelOutcome.NotSent(_phase, "The send window is over."));
            return;
        }

        _reset = true;
        Finish(new MassCancelOutcome.Unknown(_phase, "No answer came within the send window; the connection was reset."));
    }

    private void Reach()
    {
        if (IsGone() || account.IsDown() || account.Strikes(VenueFault.RequestLost))
        {
            return;
        }

        _phase = VenuePhase.Acknowledge;
        if (account.Strikes(VenueFault.MassCancelLate))
        {
            // It may be taken in by the window's end, and then be carried out within the bound.
            var window = _begunAt + _link.Faults.SendWindow - _world.Now;
            _world.After(account.Random.Between(TimeSpan.Zero, window + _link.Venue.Settings.VisibilityBound), null, () => apply());
            return;
        }

        _answer = AtVenue();
        if (!account.Strikes(VenueFault.AnswerLost))
        {
            _world.After(account.DrawLeg(VenueFault.SlowAnswer), _link.Process, Return, this);
        }
    }

    private MassCancelOutcome AtVenue()
    {
        if (account.Strikes(VenueFault.RateLimited))
        {
            return new MassCancelOutcome.NotSent(CallFailure.TooMany.Phase, CallFailure.TooMany.Reason);
        }

        if (account.Strikes(VenueFault.Unavailable))
        {
            if (account.Random.Chance(0.5))
            {
                apply();
            }

            return new MassCancelOutcome.Unknown(CallFailure.CannotServe.Phase, CallFailure.CannotServe.Reason);
        }

        var outcome = apply();
        return account.Strikes(VenueFault.AnswerGarbled)
            ? new MassCancelOutcome.Unknown(CallFailure.Garbled.Phase, CallFailure.Garbled.Reason)
            : outcome;
    }

    private void Answer()
    {
        if (!Task.IsCompleted && !account.IsDown())
        {
            Finish(_answer!); // It is on its way back.
        }
    }

    /// <summary>
    /// Whether the connection was reset. That of a dead process ends with it; a frozen one resets nothing, and what it has
    /// written is on its way for a window at the most.
    /// </summary>
    private bool IsGone()
    {
        if (_reset || AsksNobody)
        {
            return _reset;
        }

        if (!_link.Process.IsAlive)
        {
            return _world.Now - _writtenAt > VenueLink.LongestUnwatched;
        }

        return _link.Process.FrozenUntil > _world.Now && _world.Now - _begunAt > _link.Faults.SendWindow;
    }

    /// <summary>A caller whose permit never ends has the link's own patience.</summary>
    private void TimeOut()
    {
        if (!Task.IsCompleted)
        {
            Finish(new MassCancelOutcome.Unknown(VenuePhase.Acknowledge, CallFailure.NoAnswer.Reason));
        }
    }

    private void Finish(MassCancelOutcome outcome)
    {
        _windowEnd.Unregister();
        _givenUp.Unregister();
        TrySetResult(outcome);
    }
}
