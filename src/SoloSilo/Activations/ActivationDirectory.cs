using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>The activations of the silo: at most one of a grain, unless one is stuck while it deactivates.</summary>
internal sealed class ActivationDirectory(SoloRuntime runtime)
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private long _made;
    private volatile bool _closed;

    public int Count => _activations.Count;

    /// <summary>A copy of all activations, oldest first.</summary>
    public IReadOnlyList<Activation> All => Where(_ => true);

    /// <summary>The activations that <paramref name="chosen"/> holds for, oldest first.</summary>
    public IReadOnlyList<Activation> Where(Func<Activation, bool> chosen) =>
        [.. _activations.Select(pair => pair.Value).Where(chosen).OrderBy(activation => activation.Number)];

    /// <summary>Hands a request to the grain's activation, made if need be; null if it was refused.</summary>
    public Activation? Deliver(Request request, GrainId grainId)
    {
        if (!_activations.TryGetValue(grainId, out var activation))
        {
            if (_closed)
            {
                request.Refuse(new SiloUnavailableException($"The silo is stopping and makes no new activation of {grainId}."));
                return null;
            }

            if (runtime.Manifest.Find(grainId.Type) is not { } grainClass)
            {
                request.Refuse(new OrleansException($"No grain class of type {grainId.Type} is hosted here."));
                return null;
            }

            activation = _activations.GetOrAdd(
                grainId,
                static (id, state) => new Activation(state.runtime, state.grainClass, id, state.runtime.NewActivationId(), Interlocked.Increment(ref state.self._made)),
                (runtime, grainClass, self: this));
        }

        request.SendTo(activation);
        return activation;
    }

    /// <summary>The activation of a grain that calls go to now.</summary>
    public Activation? Find(GrainId grainId) => _activations.GetValueOrDefault(grainId);

    public void Remove(Activation activation) => _activations.TryRemove(new(activation.GrainId, activation));

    /// <summary>Makes no new activations from now on.</summary>
    public void Close() => _closed = true;
}
