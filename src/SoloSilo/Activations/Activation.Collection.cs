using Orleans.Runtime;

namespace Orleans.Solo;

/// <content>When an activation counts as idle.</content>
internal sealed partial class Activation
{
    private long _keptUntil = long.MinValue;

    /// <summary>Keeps it from being collected for at least a time; zero or less lifts an earlier delay.</summary>
    public void DelayDeactivation(TimeSpan timeSpan)
    {
        var now = Runtime.Time.GetTimestamp();
        var until = timeSpan == TimeSpan.MaxValue || timeSpan == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : timeSpan <= TimeSpan.Zero ? long.MinValue : now + Runtime.ToTimestampTicks(timeSpan);
        Volatile.Write(ref _keptUntil, until);
    }

    /// <summary>Whether, seen from outside, it is worth asking it to end for being idle.</summary>
    public bool SeemsIdle(long now) =>
        _state is ActivationState.Valid
        && Class.AgeLimitTicks is { } ageLimit
        && now - Volatile.Read(ref _lastUse) >= ageLimit
        && now >= Volatile.Read(ref _keptUntil);

    /// <summary>Ends it in a turn of its own, if it is idle then too.</summary>
    public void PostCollection() => Turns.Post(new CollectionTurn(this));

    /// <summary>Gives up waiting for what still runs in it: calls go to a new activation.</summary>
    public void PostAbandonment() => Turns.Post(new AbandonmentTurn(this));

    private sealed class CollectionTurn(Activation activation) : ITurn
    {
        public void Run()
        {
            if (activation._admission is { Running: 0, Waiting: 0 } && activation.SeemsIdle(activation.Runtime.Time.GetTimestamp()))
            {
                activation.BeginDeactivation(new(DeactivationReasonCode.ActivationIdle, "Idle for longer than its age limit."), default);
            }
        }
    }

    private sealed class AbandonmentTurn(Activation activation) : ITurn
    {
        public void Run()
        {
            activation._state = ActivationState.Invalid;
            foreach (var request in activation._admission.TakeAllWaiting())
            {
                activation.SendOn(request);
            }

            activation._deactivated.TrySetResult();
        }
    }
}
