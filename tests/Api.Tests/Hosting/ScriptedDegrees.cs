using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>Stands where the degrees of a release are not the subject; they are tested against the real service.</summary>
internal sealed class ScriptedDegrees : IStopDegrees
{
    public Task<ObligationPage> ObligationsAsync(ObligationQuery query, CancellationToken cancellationToken) => Task.FromResult(new ObligationPage([], null));

    public Task<WaiveAnswer> WaiveAsync(WaiveRequest request, CancellationToken cancellationToken) => Task.FromResult<WaiveAnswer>(new WaiveAnswer.NotFound());

    public Task<ExceptAnswer> ExceptAsync(ExceptRequest request, CancellationToken cancellationToken) => Task.FromResult<ExceptAnswer>(new ExceptAnswer.NotFound());

    public Task<ExceptAnswer> PutBackAsync(ExceptRequest request, CancellationToken cancellationToken) => Task.FromResult<ExceptAnswer>(new ExceptAnswer.NotFound());

    public Task<EscalateAnswer> EscalateAsync(EscalateRequest request, CancellationToken cancellationToken) => Task.FromResult<EscalateAnswer>(new EscalateAnswer.NotFound());
}
