using EmergencyStop.Client;

namespace EmergencyStop.Silo.Tests;

/// <summary>A follower of orders hears of every change over kill -9 of the service and restarts of its own.</summary>
public sealed class FollowTests
{
    [Fact]
    public async Task Follower_OverAKill_HearsEachChangeOfEachOrder_WithoutAGap()
    {
        using var data = new TempFolder();
        await using var venue = await Simulator.StartAsync();
        var key = await ServiceClient.MakeKeyAsync(data.Path, "admin");
        var heard = new List<OrderEvent>();
        var placed = new List<string>();
        var service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
        try
        {
            for (var round = 0; round < 3; round++)
            {
                await using (var client = new EmergencyStopClient(new() { Url = service.Url, ApiKey = key, MaxRetries = 0 }))
                {
                    var before = placed.Count;
                    var following = FollowAsync(client, heard, heard.Count == 0 ? 0 : heard[^1].Id, () => heard.Count(e => e.Kind == OrderEventKind.Open) >= before + 5);
                    for (var i = 0; i < 10; i++)
                    {
                        placed.Add((await client.PlaceOrderAsync(new("alice", "s1", "AAPL", OrderSide.Buy, 1, OrderType.Limit) { LimitPrice = 50 })).OrderId);
                    }

                    await following; // It has heard of some; the rest is heard by the next.
                }

                await service.DisposeAsync(); // kill -9
                service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
            }

            await using var last = new EmergencyStopClient(new() { Url = service.Url, ApiKey = key });
            await FollowAsync(last, heard, heard[^1].Id, () => placed.TrueForAll(id => heard.Exists(e => e.Order.OrderId == id && e.Kind == OrderEventKind.Open)));
            Assert.Equal(Enumerable.Range(1, heard.Count).Select(i => (long)i), heard.Select(e => e.Id));
            Assert.All(placed, id => Assert.Equal(OrderEventKind.Admitted, heard.First(e => e.Order.OrderId == id).Kind));
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    private static async Task FollowAsync(EmergencyStopClient client, List<OrderEvent> heard, long after, Func<bool> enough)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var one in client.FollowOrdersAsync(after: after, cancellationToken: bound.Token))
        {
            heard.Add(one);
            if (enough())
            {
                return;
            }
        }
    }
}
