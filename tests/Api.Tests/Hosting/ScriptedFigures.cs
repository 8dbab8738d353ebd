using EmergencyStop.Runtime;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>Figures of grains that do nothing.</summary>
internal sealed class ScriptedFigures : IRuntimeFigures
{
    public Task<RuntimeFigures> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new RuntimeFigures("solo", 60, 0.5, 1, [new("user", 2, 0, 0)], [new("IUserGrain.PlaceAsync", 30, 0.5, 0, 0, 1.5, 4)], [], []));
}
