using Orleans.Solo;

namespace Orleans.Runtime;

/// <summary>The address of a grain by one of its contracts. Two are equal if they mean the same grain.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private Activation? _lastActivation;

    internal GrainReference(GrainId grainId, SoloRuntime runtime, InterfaceContract? contract)
    {
        GrainId = grainId;
        Runtime = runtime;
        Contract = contract;
    }

    /// <summary>Which grain.</summary>
    public GrainId GrainId { get; }

    internal SoloRuntime Runtime { get; }

    /// <summary>The interface the proxy speaks; null for a reference by no contract.</summary>
    internal InterfaceContract? Contract { get; }

    /// <inheritdoc />
    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is GrainReference other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc />
    public sealed override string ToString() => $"GrainReference:{GrainId}";

    internal object As(Type interfaceType) =>
        interfaceType.IsInstanceOfType(this) ? this : Runtime.Proxies.Create(interfaceType, GrainId);

    /// <summary>Sends a call of the contract's method number <paramref name="method"/>. Called by emitted proxies.</summary>
    internal Task<TResult> Send<TResult>(GrainCall<TResult> call, int method)
    {
        call.Send(this, Contract!.Methods[method]); // only proxies call it, and they have a contract
        return call.Response;
    }

    /// <inheritdoc cref="Send{TResult}" />
    internal Task SendVoid(GrainVoidCall call, int method)
    {
        call.Send(this, Contract!.Methods[method]); // only proxies call it, and they have a contract
        return call.Response;
    }

    /// <summary>Hands a request to the grain's activation, which is looked up only when the last one is gone.</summary>
    internal void Deliver(GrainCall call)
    {
        if (Runtime.Carrier is { } carrier)
        {
            carrier.Carry(call);
        }
        else if (_lastActivation is { State: not ActivationState.Invalid } known)
        {
            call.SendTo(known);
        }
        else
        {
            _lastActivation = Runtime.Activations.Deliver(call, GrainId);
        }
    }
}
