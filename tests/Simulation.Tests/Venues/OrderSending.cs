using EmergencyStop.Venues;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>One written order on its way: carried out at most once, by the window's end at the latest, or reset.</summary>
internal sealed class OrderSending(LinkAccount account, VenueOrder order, Func<bool, PlaceOutcome> apply) : TaskCompletionSource<PlaceOutcome>
{
    private const int MostResends = 3;
    private static readonly TimeSpan Unanswered = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnyTime = TimeSpan.FromSeconds(30);
    private static readonly Action<object?> Arrive = static s => ((OrderSending)s!).Reach(late: false); // the state is handed over beside it
    private static readonly Action<object?> ArriveLate = static s => ((OrderSending)s!).Reach(late: true); // the state is handed over beside it
    private static readonly Action<object?> Expire = static s => ((OrderSending)s!).TimeOut(); // the state is handed over beside it
    private static readonly Action<object?> Again = static s => ((OrderSending)s!).Resend(); // the state is handed over beside it
    private readonly VenueLink _link = account.Link;
    private readonly SimulatedWorld _world = account.Link.Venue.World;
    private readonly TimeSpan _writtenAt = account.Link.Venue.World.Now;
    private bool _arrived;
    private bool _reset;
    private int _resent;

    /// <summary>The bytes leave.</summary>
    public void Write()
    {
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

    /// <summary>The window is over: the connection of an unfinished write is reset.</summary>
    public void EndWindow()
    {
        if (Task.IsCompleted)
        {
            return;
        }

        if (_link.Bug == VenueBug.RetriesPlace)
        {
            Resend();
        }

        _reset = _link.Bug is not (VenueBug.WindowNotReset or VenueBug.PermitBeforeConnect or VenueBug.RetriesPlace);
        var whole = _arrived || account.Random.Chance(0.5);
        TrySetResult(whole
            ? new PlaceOutcome.Unknown(VenuePhase.Acknowledge, "No answer came within the send window.")
            : new PlaceOutcome.Unknown(VenuePhase.Write, "The connection was reset at the window's end."));
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

        _arrived = true;
        var answer = AtVenue(late);
        if (account.Strikes(VenueFault.AnswerLost))
        {
            WaitFor(_link.Venue.Settings.CallTimeout);
            return;
        }

        var leg = account.DrawLeg(VenueFault.SlowAnswer);
        WaitFor(leg);
        _world.After(leg, _link.Process, () => Answer(answer));
    }

    private PlaceOutcome AtVenue(bool late)
    {
        if (account.Strikes(VenueFault.RateLimited))
        {
            return _link.Venue.RefuseUnread(order, _link.Process.Name);
        }

        if (account.Strikes(VenueFault.Unavailable))
        {
            if (account.Random.Chance(0.5))
            {
                apply(late);
            }

            return new PlaceOutcome.Unknown(VenuePhase.Unavailable, CallFailure.CannotServe.Reason);
        }

        var outcome = apply(late);
        return account.Strikes(VenueFault.AnswerGarbled)
            ? new PlaceOutcome.Unknown(VenuePhase.Answer, CallFailure.Garbled.Reason)
            : outcome;
    }

    private void Answer(PlaceOutcome answer)
    {
        if (!Task.IsCompleted && !account.IsDown())
        {
            TrySetResult(answer);
        }
    }

    /// <summary>Whether the connection was reset, or cannot have lasted without the process that held it.</summary>
    private bool IsGone()
    {
        if (_reset)
        {
            return true;
        }

        if (_link.Bug is VenueBug.WindowNotReset or VenueBug.PermitBeforeConnect or VenueBug.RetriesPlace)
        {
            return false;
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
        if (wait >= _link.Venue.Settings.CallTimeout)
        {
            _world.After(_writtenAt + patience - _world.Now, _link.Process, Expire, this);
        }
    }

    private void TimeOut() => TrySetResult(new PlaceOutcome.Unknown(VenuePhase.Acknowledge, CallFailure.NoAnswer.Reason));

    private void Resend()
    {
        if (!Task.IsCompleted && _resent++ < MostResends)
        {
            _world.After(account.DrawLeg(VenueFault.SlowRequest), null, Arrive, this);
            _world.After(Unanswered, _link.Process, Again, this);
        }
    }
}
