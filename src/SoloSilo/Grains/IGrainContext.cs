namespace Orleans.Runtime;

/// <summary>One activation of a grain, as the runtime sees it.</summary>
public interface IGrainContext
{
    /// <summary>A reference to the grain.</summary>
    GrainReference GrainReference { get; }

    /// <summary>Which grain.</summary>
    GrainId GrainId { get; }

    /// <summary>The object that holds the grain's code, once it is made.</summary>
    object? GrainInstance { get; }

    /// <summary>Which activation of the grain.</summary>
    ActivationId ActivationId { get; }

    /// <summary>The services of this activation.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Done once the activation has ended.</summary>
    Task Deactivated { get; }

    /// <summary>Starts to end the activation once its running requests are done.</summary>
    /// <param name="deactivationReason">Why.</param>
    /// <param name="cancellationToken">Cancelled when the grain should make haste in its deactivation.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
