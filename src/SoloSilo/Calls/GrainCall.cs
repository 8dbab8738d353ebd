using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Solo;

#pragma warning disable CA1001 // The token source has no timer; disposing it would break callees that still hold the token.

/// <summary>One call of a grain method, on its way and while it runs.</summary>
/// <remarks>The arguments and the result are shared with the callee: their types are verified immutable at start.</remarks>
internal abstract class GrainCall : Request
{
    private CancellationToken _callerToken;
    private CancellationTokenRegistration _callerRegistration;
    private CancellationTokenSource? _calleeSource;

    public override bool AlwaysInterleaves => Method.AlwaysInterleaves;

    public override bool IsReadOnly => Method.IsReadOnly;

    public override bool KeepsAlive => true;

    public override bool IsLocal => false;

    public override bool IsAbandoned => !Method.IsOneWay && IsAnswered;

    public GrainId GrainId { get; private set; }

    public MethodContract Method { get; private set; } = null!; // set by Send before anything else sees the call

    public SoloRuntime Runtime { get; private set; } = null!; // set by Send before anything else sees the call

    /// <summary>What travels with the call.</summary>
    public ImmutableDictionary<string, object>? Context { get; private set; }

    /// <summary>The caller's span, under which the callee's are.</summary>
    public Activity? Activity { get; private set; }

    /// <summary>When it was sent, as a timestamp.</summary>
    public long SentAt { get; private set; }

    /// <summary>The neighbours in <see cref="PendingCalls"/>.</summary>
    internal GrainCall? Previous { get; set; }

    /// <inheritdoc cref="Previous" />
    internal GrainCall? Next { get; set; }

    /// <summary>Which list of <see cref="PendingCalls"/> it is in; -1 if in none.</summary>
    internal int PendingIn { get; set; } = -1;

    /// <summary>The token the callee gets: its own, so that its callbacks are turns of the callee.</summary>
    protected internal CancellationToken CalleeToken => _calleeSource?.Token ?? CancellationToken.None;

    protected abstract bool IsAnswered { get; }

    /// <summary>Called by proxies of methods that take a token.</summary>
    protected internal void UseToken(CancellationToken token) => _callerToken = token;

    public void Send(GrainReference reference, MethodContract method)
    {
        GrainId = reference.GrainId;
        Method = method;
        Runtime = reference.Runtime;
        Context = RequestContext.Current;
        Activity = Activity.Current;
        SentAt = Runtime.Time.GetTimestamp();
        if (_callerToken.IsCancellationRequested)
        {
            Answer(new OperationCanceledException(_callerToken));
            return;
        }

        if (_callerToken.CanBeCanceled)
        {
            _calleeSource = new CancellationTokenSource();
        }

        if (!method.IsOneWay)
        {
            Runtime.PendingCalls.Add(this);
        }

        reference.Deliver(this);
        if (_callerToken.CanBeCanceled)
        {
            _callerRegistration = _callerToken.UnsafeRegister(static call => ((GrainCall)call!).CancelledByCaller(), this);
            if (IsAnswered)
            {
                _callerRegistration.Unregister();
            }
        }
    }

    public override void Refuse(Exception exception) => Answer(ExceptionCrossing.Copy(exception));

    /// <summary>Gives up waiting; the callee runs on.</summary>
    public void TimeOut(TimeSpan timeout)
    {
        if (Answer(new TimeoutException($"Response did not arrive on time in {timeout} for message: {Method.Name} to {GrainId}.")))
        {
            Log.CallTimedOut(Runtime.Logger, Method.Name, GrainId, timeout);
            Method.Counters.TimedOut();
        }
    }

    /// <summary>Ends the wait with a failure; false if it had ended already.</summary>
    protected bool Answer(Exception exception)
    {
        if (!TryAnswer(exception))
        {
            return false;
        }

        NoLongerPending();
        return true;
    }

    protected abstract bool TryAnswer(Exception exception);

    protected void NoLongerPending()
    {
        if (!Method.IsOneWay)
        {
            Runtime.PendingCalls.Remove(this);
        }

        if (_callerToken.CanBeCanceled)
        {
            _callerRegistration.Unregister();
        }
    }

    /// <summary>Takes over what travels with the call, for the method that calls this and what it awaits.</summary>
    protected void TakeOverContext()
    {
        RequestContext.Current = Context;
        if (Activity is { } span)
        {
            Activity.Current = span;
        }
    }

    /// <summary>Books that the callee ended, in its turn.</summary>
    protected void Ended(Activation activation, Exception? failure)
    {
        var now = Runtime.Time.GetTimestamp();
        Method.Counters.Ended(now - SentAt, Runtime.ToTimeSpan(now - SentAt), failed: failure is not null);
        activation.Ended(this, now);
    }

    protected void Failed(Activation activation, Exception exception)
    {
        if (exception is InconsistentStateException { IsSourceActivation: true } inconsistent)
        {
            inconsistent.IsSourceActivation = false;
            Log.StaleActivation(Runtime.Logger, exception, GrainId);
            activation.Deactivate(new(DeactivationReasonCode.ApplicationError, exception.Message));
        }

        if (Method.IsOneWay)
        {
            Log.OneWayCallFailed(Runtime.Logger, exception, Method.Name, GrainId);
            return;
        }

        Log.CallFailed(Runtime.Logger, exception, Method.Name, GrainId);
        if (Runtime.Carrier is { } carrier)
        {
            CarryBack(carrier, activation, exception);
        }
        else
        {
            Refuse(exception);
        }
    }

    private void CarryBack(ICallCarrier carrier, Activation activation, Exception exception) =>
        carrier.CarryBack(this, activation, () => Refuse(exception));

    private void CancelledByCaller()
    {
        if (Answer(new OperationCanceledException(_callerToken)) && Target is { } callee)
        {
            callee.Turns.Post(new CancellationTurn(_calleeSource!)); // made by Send, as the token can be cancelled
        }
    }

    private sealed class CancellationTurn(CancellationTokenSource source) : ITurn
    {
        [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A callback of the callee failed; nobody waits for it.")]
        public void Run()
        {
            try
            {
                source.Cancel();
            }
            catch (Exception)
            {
                // The callee's own callbacks threw; the request it runs in reports for itself.
            }
        }
    }
}
