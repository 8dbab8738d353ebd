using EmergencyStop.Stopping;

namespace EmergencyStop.Releasing;

/// <summary>What lies between stopped and released: debts by name, waivers, carve-outs and escalation.</summary>
/// <remarks>Authority is checked here, not by the callers. A narrowing is asked for with a release: <see cref="ReleaseRequest.DespiteOutstanding"/>.</remarks>
public interface IStopDegrees
{
    /// <summary>A page of unmet debts, each with whose book it is in.</summary>
    /// <exception cref="ArgumentException">The cursor is none of this call's.</exception>
    Task<ObligationPage> ObligationsAsync(ObligationQuery query, CancellationToken cancellationToken);

    /// <summary>Gives one debt up by name.</summary>
    Task<WaiveAnswer> WaiveAsync(WaiveRequest request, CancellationToken cancellationToken);

    /// <summary>Lets a part of what a stop stopped trade again.</summary>
    Task<ExceptAnswer> ExceptAsync(ExceptRequest request, CancellationToken cancellationToken);

    /// <summary>Puts a part back: its gate is closed in one commit, and the stop's flow is run anew.</summary>
    Task<ExceptAnswer> PutBackAsync(ExceptRequest request, CancellationToken cancellationToken);

    /// <summary>Makes a standing stop close positions too; its flow is run anew.</summary>
    Task<EscalateAnswer> EscalateAsync(EscalateRequest request, CancellationToken cancellationToken);
}
