using EmergencyStop.Grains.Closing;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Telemetry;

namespace EmergencyStop.Grains.Orders;

/// <content>What a stop has done to this book.</content>
public sealed partial class UserGrain
{
    private readonly Dictionary<StopId, int> _underWay = [];

    /// <inheritdoc/>
    public Task<SweepReport> SweepAsync(SweepCommand command, CancellationToken cancellationToken) => ForAsync(command.Stop, async () =>
    {
        using var scope = StopLog.Begin(log, command.Stop);
        using var span = ServiceTelemetry.StartStop("stop.sweep", command.Stop)?.SetTag("orders", command.Orders.Length);
        var report = await new OrderSweeper(_book, _unclear, _all).SweepAsync(command);
        _keeper.Keep();
        return report;
    });

    /// <inheritdoc/>
    public Task<VerifyReport> VerifyAsync(VerifyCommand command, CancellationToken cancellationToken) => ForAsync(command.Stop.Id, async () =>
    {
        using var scope = StopLog.Begin(log, command.Stop.Id);
        using var span = ServiceTelemetry.StartStop("stop.verify", command.Stop.Id);
        return await _verifier.VerifyAsync(command.Stop);
    });

    /// <inheritdoc/>
    public Task<FlattenReport> FlattenAsync(FlattenCommand command, CancellationToken cancellationToken) => ForAsync(command.Stop.Id, async () =>
    {
        using var scope = StopLog.Begin(log, command.Stop.Id);
        using var span = ServiceTelemetry.StartStop("stop.flatten", command.Stop.Id);
        var report = await new Flattener(_book, _sender, _unclear).FlattenAsync(command.Stop);
        _keeper.Keep();
        return report;
    });

    /// <inheritdoc/>
    public Task<bool> WorksForAsync(StopId stop, CancellationToken cancellationToken) => Task.FromResult(_underWay.ContainsKey(stop));

    private async Task<T> ForAsync<T>(StopId stop, Func<Task<T>> work)
    {
        _underWay[stop] = _underWay.GetValueOrDefault(stop) + 1;
        try
        {
            return await work();
        }
        finally
        {
            if (--_underWay[stop] == 0)
            {
                _underWay.Remove(stop);
            }
        }
    }
}
