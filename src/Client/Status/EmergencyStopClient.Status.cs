using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <content>How the service is, and who holds a gate.</content>
public sealed partial class EmergencyStopClient
{
    /// <summary>How the service is, and how its stops have gone.</summary>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="EmergencyStopException">Refused, or not answered.</exception>
    public Task<ServiceStatus> StatusAsync(CancellationToken cancellationToken = default) =>
        _link.SendAsync<ServiceStatus>(ServiceCall.Get("emergency-stop/status"), cancellationToken);

    /// <summary>Whether an order would get through, and which stops refuse it otherwise.</summary>
    /// <param name="userId">Whose order; a trader's own when <c>null</c>.</param>
    /// <param name="strategyId">Which strategy's.</param>
    /// <param name="symbol">In which symbol.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>As of the answering process's latest view; the ledger itself decides when an order comes.</returns>
    /// <exception cref="EmergencyStopException">Refused, or not answered.</exception>
    public Task<GateStatus> GateAsync(
        string? userId = null, string? strategyId = null, string? symbol = null, CancellationToken cancellationToken = default) =>
        _link.SendAsync<GateStatus>(
            ServiceCall.Get(QueryText.With("gate", ("user_id", userId), ("strategy_id", strategyId), ("symbol", symbol))), cancellationToken);
}
