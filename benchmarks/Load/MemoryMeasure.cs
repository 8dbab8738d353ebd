using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Load;

/// <summary>Managed memory of an open order in the service; the simulated venue's own share is measured apart and taken off.</summary>
internal static class MemoryMeasure
{
    private const int Orders = 200_000;
    private const int Users = 2000;

    public static async Task RunAsync(Report report)
    {
        await using var bench = await Bench.StartAsync();
        await bench.PlaceManyAsync(Users, i => Bench.Resting($"user{i % Users}"));
        var before = Settled();
        await bench.PlaceManyAsync(Orders, i => Bench.Resting($"user{i % Users}"));
        var both = Settled() - before;

        var market = new SimulatedMarket(new SimulatedOptions(), TimeProvider.System, new SimulatedFaults(TimeProvider.System));
        before = Settled();
        for (var i = 0; i < Orders; i++)
        {
            var terms = Bench.Resting($"user{i % Users}");
            market.Place(SimulatedOrderRequest.From(new(OrderId.Parse($"o-memory-of-the-venue-alone-{i}"), AccountId.Parse(terms.User.Value), terms)));
        }

        var venue = Settled() - before;
        GC.KeepAlive(market);
        Report.Say("service and venue together", $"{both / Orders} B an order");
        Report.Say("the venue alone", $"{venue / Orders} B an order");
        report.AtMost("an open order in the service", (double)(both - venue) / Orders, 1024, "B");
    }

    private static long Settled()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
