using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <content>How an activation comes and goes.</content>
internal sealed partial class Activation
{
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DeactivationReason _reason;
    private CancellationToken _haste;
    private Exception? _failure;
    private bool _activating;
    private bool _wasValid;
    private bool _finishing;
    private long _deactivatingSince;

    public Task Deactivated => _deactivated.Task;

    /// <summary>Since when it deactivates, as a timestamp; 0 if it does not.</summary>
    public long DeactivatingSince => Volatile.Read(ref _deactivatingSince);

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (ReferenceEquals(RuntimeContext.Current, this))
        {
            BeginDeactivation(deactivationReason, cancellationToken);
        }
        else
        {
            Turns.Post(new DeactivationTurn(this, deactivationReason, cancellationToken));
        }
    }

    private void BeginActivation(Request first)
    {
        _state = ActivationState.Activating;
        _activating = true;
        _ = ActivateAsync((first as GrainCall)?.Context);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever fails, the callers learn of it.")]
    private async Task ActivateAsync(ImmutableDictionary<string, object>? requestContext)
    {
        try
        {
            RequestContext.Current = requestContext;
            using var haste = new CancellationTokenSource(Runtime.Options.ActivationTimeout, Runtime.Time);
            _scope = Runtime.Services.CreateAsyncScope();
            var (instance, states) = Class.Create(this);
            GrainInstance = instance;
            foreach (var state in states)
            {
                await state.ReadStateAsync(haste.Token);
            }

            if (instance is IGrainBase grain)
            {
                await grain.OnActivateAsync(haste.Token).WaitAsync(haste.Token);
            }

            Class.Counters.Activated();
            if (_state is ActivationState.Activating)
            {
                _state = ActivationState.Valid;
            }
        }
        catch (Exception exception)
        {
            Log.ActivationFailed(Runtime.Logger, exception, GrainId);
            _failure = exception;
            BeginDeactivation(new(DeactivationReasonCode.ActivationFailed, exception, "Failed to activate grain."), default);
        }

        _activating = false;
        Volatile.Write(ref _lastUse, Runtime.Time.GetTimestamp());
        PostPump();
        TryFinishDeactivation();
    }

    private void BeginDeactivation(DeactivationReason reason, CancellationToken haste)
    {
        if (_state is ActivationState.Deactivating or ActivationState.Invalid)
        {
            return;
        }

        _reason = reason;
        _haste = haste;
        _wasValid = _state is ActivationState.Valid;
        _state = ActivationState.Deactivating;
        Volatile.Write(ref _deactivatingSince, Math.Max(1, Runtime.Time.GetTimestamp()));
        TryFinishDeactivation();
    }

    private void TryFinishDeactivation()
    {
        if (_state is ActivationState.Deactivating && _admission.Running == 0 && !_activating && !_finishing)
        {
            _finishing = true;
            _ = FinishDeactivationAsync();
        }
    }

    private async Task FinishDeactivationAsync()
    {
        DisposeTimers();
        if (_wasValid)
        {
            await RunOnDeactivateAsync();
            Class.Counters.Deactivated();
        }

        Runtime.Activations.Remove(this);
        _state = ActivationState.Invalid;
        await DisposeInstanceAsync();
        foreach (var request in _admission.TakeAllWaiting())
        {
            if (_failure is null)
            {
                SendOn(request);
            }
            else
            {
                request.Refuse(_failure);
            }
        }

        _deactivated.TrySetResult();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The activation ends all the same.")]
    private async Task RunOnDeactivateAsync()
    {
        if (GrainInstance is not IGrainBase grain)
        {
            return;
        }

        using var bound = new CancellationTokenSource(Runtime.Options.DeactivationTimeout, Runtime.Time);
        using var haste = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, _haste);
        try
        {
            await grain.OnDeactivateAsync(_reason, haste.Token).WaitAsync(haste.Token);
        }
        catch (Exception exception)
        {
            Log.DeactivationFailed(Runtime.Logger, exception, GrainId);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The activation has ended already.")]
    private async Task DisposeInstanceAsync()
    {
        try
        {
            switch (GrainInstance)
            {
                case IAsyncDisposable instance:
                    await instance.DisposeAsync();
                    break;
                case IDisposable instance:
                    instance.Dispose();
                    break;
            }

            if (_scope is { } scope)
            {
                await scope.DisposeAsync();
            }
        }
        catch (Exception exception)
        {
            Log.DisposalFailed(Runtime.Logger, exception, GrainId);
        }
    }

    private sealed class DeactivationTurn(Activation activation, DeactivationReason reason, CancellationToken haste) : ITurn
    {
        public void Run() => activation.BeginDeactivation(reason, haste);
    }
}
