using Orleans.Runtime;

namespace Orleans.Solo;

internal abstract class Activation : IGrainContext
{
    public abstract GrainReference GrainReference { get; }
    public abstract GrainId GrainId { get; }
    public abstract object? GrainInstance { get; }
    public abstract ActivationId ActivationId { get; }
    public abstract IServiceProvider ActivationServices { get; }
    public abstract Task Deactivated { get; }
    public abstract void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
    internal abstract void DelayDeactivation(TimeSpan timeSpan);
    internal abstract IGrainTimer AddTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options);
}
internal sealed class SoloRuntime { public ProxyFactory Proxies { get; } = new(); }
internal sealed class ProxyFactory { public object Create(Type type, GrainId id) => throw new NotSupportedException($"{type} {id}"); }
