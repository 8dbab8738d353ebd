using EmergencyStop.Grains.Braking;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Grains.Strategies;
using EmergencyStop.Grains.Watching;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Simulation.Tests.Machine;

/// <summary>The settings of every process of a history: the defaults, but for what only decides how long one waits when all is quiet, and for how soon a spooled stop is too old to close positions: no history takes 15 minutes.</summary>
public sealed class ServiceSettings
{
    public IOptions<OrderOptions> Orders { get; } = Options.Create(new OrderOptions { MassCancelFrom = 3 });

    public IOptions<StoppingOptions> Stopping { get; } = Options.Create(new StoppingOptions { RetryCeiling = TimeSpan.FromSeconds(4), LongestWait = TimeSpan.FromSeconds(20) });

    public IOptions<BrakeOptions> Braking { get; } = Options.Create(new BrakeOptions { CloseWithin = TimeSpan.FromSeconds(2) });

    public IOptions<WatchingOptions> Watching { get; } = Options.Create(new WatchingOptions { WatchEvery = TimeSpan.FromSeconds(3), WatchPushingEvery = TimeSpan.FromSeconds(6) });

    public IOptions<NoticeOptions> Notices { get; } = Options.Create(new NoticeOptions());
}
