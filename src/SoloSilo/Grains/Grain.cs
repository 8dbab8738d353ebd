using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>The usual base class of a grain.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Takes the context of the activation that is being made on this thread.</summary>
    protected Grain() => GrainContext = RuntimeContext.Current!; // null only when a unit test makes the object itself

    /// <inheritdoc />
    public IGrainContext GrainContext { get; }

    /// <summary>A reference to this grain.</summary>
    public GrainReference GrainReference => GrainContext.GrainReference;

    /// <summary>The grain's id, as text.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    /// <summary>The grain's services.</summary>
    protected IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => ServiceProvider.GetRequiredService<IGrainFactory>();

#pragma warning disable CA1725 // Orleans names the parameters so here, and otherwise on IGrainBase.
    /// <summary>Runs before the first request, after persistent state was read.</summary>
    /// <param name="cancellationToken">Cancelled when the activation takes too long.</param>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the last request.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="cancellationToken">Cancelled when the deactivation takes too long.</param>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;
#pragma warning restore CA1725

    /// <summary>Ends the activation once its running requests are done; the next call makes a new one.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>Keeps the activation from being collected as idle for at least <paramref name="timeSpan"/>.</summary>
    /// <param name="timeSpan">Positive or endless extends; zero or less lifts an earlier delay.</param>
    protected void DelayDeactivation(TimeSpan timeSpan) => ((Solo.Activation)GrainContext).DelayDeactivation(timeSpan);
}
