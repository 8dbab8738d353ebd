using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>One activation of a grain: its object, its turns and the requests that wait for them.</summary>
/// <remarks>Everything but <see cref="Turns"/>, the times and <see cref="State"/> is touched by its own turns only.</remarks>
internal sealed partial class Activation : IGrainContext, ITurn
{
    private static readonly Func<Request, bool> Any = static _ => true;
    private static readonly Func<Request, bool> LocalOnly = static request => request.IsLocal;

    private readonly Admission _admission;
    private AsyncServiceScope? _scope;
    private GrainReference? _reference;
    private volatile ActivationState _state;
    private long _lastUse;
    private bool _pumpPosted;

    public Activation(SoloRuntime runtime, GrainClass grainClass, GrainId grainId, ActivationId activationId, long number)
    {
        Runtime = runtime;
        Class = grainClass;
        GrainId = grainId;
        ActivationId = activationId;
        Number = number;
        Turns = new TurnQueue(this, runtime.Options.TurnScheduler);
        _admission = new Admission(grainClass.IsReentrant);
        _lastUse = runtime.Time.GetTimestamp();
    }

    public SoloRuntime Runtime { get; }

    public GrainClass Class { get; }

    public GrainId GrainId { get; }

    public ActivationId ActivationId { get; }

    /// <summary>How many activations the silo had made before: an order that no hash code disturbs.</summary>
    public long Number { get; }

    public TurnQueue Turns { get; }

    public ActivationState State => _state;

    /// <summary>What waits for its turn, as seen from outside: a count that may be a moment old.</summary>
    public int Waiting => Turns.Count + _admission.Waiting;

    public object? GrainInstance { get; private set; }

    public GrainReference GrainReference => _reference ??= Runtime.Proxies.CreateUntyped(GrainId);

    public IServiceProvider ActivationServices =>
        _scope?.ServiceProvider ?? throw new InvalidOperationException($"{this} has no services yet.");

    public override string ToString() => $"[Activation: {GrainId}{ActivationId} {_state}]";

    /// <summary>Takes a request in a turn: starts it, lets it wait, or sends it on if this activation is gone.</summary>
    internal void Arrive(Request request)
    {
        switch (_state)
        {
            case ActivationState.Created:
                _admission.Wait(request);
                BeginActivation(request);
                break;
            case ActivationState.Invalid:
                SendOn(request);
                break;
            case ActivationState.Valid when _admission.MayStart(request):
            case ActivationState.Deactivating when request.IsLocal && _admission.MayStart(request):
                StartOrQueue(request);
                break;
            default:
                _admission.Wait(request);
                break;
        }
    }

    /// <summary>Notes in a turn that a request has run to its end.</summary>
    internal void Ended(Request request, long now)
    {
        _admission.Ended(request);
        if (request.KeepsAlive)
        {
            Volatile.Write(ref _lastUse, now);
        }

        PostPump();
        TryFinishDeactivation();
    }

    /// <summary>Starts the next waiting request that may start; each start is a turn of its own.</summary>
    void ITurn.Run()
    {
        _pumpPosted = false;
        var next = _state switch
        {
            ActivationState.Valid => _admission.TakeStartable(Any),
            ActivationState.Deactivating => _admission.TakeStartable(LocalOnly),
            _ => null,
        };
        if (next is not null)
        {
            Start(next);
            PostPump();
        }
    }

    /// <summary>A newcomer never overtakes a waiting request that may start too, unless it interleaves anyway.</summary>
    private void StartOrQueue(Request request)
    {
        if (_admission.Waiting == 0 || request.AlwaysInterleaves)
        {
            Start(request);
            return;
        }

        _admission.Wait(request);
        PostPump();
    }

    private void Start(Request request)
    {
        Debug.Assert(ReferenceEquals(RuntimeContext.Current, this), "Requests start in turns of their activation.");
        if (request.IsAbandoned)
        {
            return;
        }

        _admission.Started(request);
        _ = request.InvokeAsync(this); // never throws, and calls Ended
    }

    private void PostPump()
    {
        if (!_pumpPosted && _admission.MayAnyWaitingStart && _state is ActivationState.Valid or ActivationState.Deactivating)
        {
            _pumpPosted = true;
            Turns.Post(this);
        }
    }

    private void SendOn(Request request)
    {
        if (!request.IsLocal)
        {
            Runtime.Activations.Deliver(request, GrainId);
        }
    }
}
