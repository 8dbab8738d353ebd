using System.Net;

namespace EmergencyStop.Silo.Tests;

/// <summary>The disk fills up under a running service: it refuses, forgets nothing, answers, and goes on when there is room.</summary>
[Trait("Host", "Any")]
public sealed class FullDiskTests
{
    private const int MostOrders = 1_000;
    private const int Burst = 100;

    // The log is moved into the file once a second: long enough for that to fail as well.
    private static readonly TimeSpan LongFull = TimeSpan.FromSeconds(2.5);

    [SkippableFact]
    public async Task AFullDisk_RefusesOrders_LosesNone_AndGoesOnWhenThereIsRoom()
    {
        using var disk = await SmallDisk.MountAsync(megabytes: 32);
        var key = await ServiceClient.MakeKeyAsync(disk.Path, "admin");
        var placed = new List<string>();
        await using (var service = await ServiceProcess.StartSiloAsync(disk.Path))
        {
            using var admin = ServiceClient.Of(service, key);
            await PlaceBurstAsync(admin, placed);
            disk.Fill();
            var problem = await PlaceUntilAsync(admin, HttpStatusCode.ServiceUnavailable, placed);
            Assert.Equal("ledger_unavailable", problem["code"]!.GetValue<string>());
            Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("emergency-stop/status")).Status);
            Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync($"orders/{placed[0]}")).Status);

            await Task.Delay(LongFull);
            await PlaceUntilAsync(admin, HttpStatusCode.ServiceUnavailable, placed);

            disk.MakeRoom();
            await PlaceUntilAsync(admin, HttpStatusCode.Created, placed);
            await TheLogGoesIntoTheFileAsync(admin, disk, placed);
            await service.KillAsync();
        }

        await using var again = await ServiceProcess.StartSiloAsync(disk.Path);
        using var later = ServiceClient.Of(again, key);
        foreach (var id in placed)
        {
            Assert.Equal(HttpStatusCode.OK, (await later.GetAsync($"orders/{id}")).Status);
        }

        Assert.Equal(0, (await ServiceProcess.RunAsync("Silo", "audit", "verify", "--data", disk.Path)).Code);
    }

    /// <summary>Checkpoints go on as well: without them the log would fill the disk again.</summary>
    private static async Task TheLogGoesIntoTheFileAsync(ServiceClient admin, SmallDisk disk, List<string> placed)
    {
        var file = Path.Combine(disk.Path, "ledger.db");
        var before = new FileInfo(file).Length;
        await PlaceBurstAsync(admin, placed);
        for (var i = 0; i < 100 && new FileInfo(file).Length == before; i++)
        {
            await Task.Delay(100);
        }

        Assert.True(new FileInfo(file).Length > before, "The write-ahead log is not moved into the file any more.");
    }

    private static async Task PlaceBurstAsync(ServiceClient admin, List<string> placed)
    {
        for (var i = 0; i < Burst; i++)
        {
            await PlaceUntilAsync(admin, HttpStatusCode.Created, placed);
        }
    }

    /// <summary>Places until the answer comes that is waited for; every order that was acknowledged is noted.</summary>
    private static async Task<System.Text.Json.Nodes.JsonNode> PlaceUntilAsync(ServiceClient admin, HttpStatusCode expected, List<string> placed)
    {
        var last = string.Empty;
        for (var i = 0; i < MostOrders; i++)
        {
            var (status, body) = await admin.PlaceAsync("alice");
            if (status == HttpStatusCode.Created)
            {
                placed.Add(body["order_id"]!.GetValue<string>());
            }

            last = body.ToJsonString();
            if (status == expected)
            {
                return body;
            }

            Assert.True(status is HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable, $"{status}: {body.ToJsonString()}");
            await Task.Delay(status == HttpStatusCode.Created ? 0 : 20);
        }

        var (_, health) = await admin.GetAsync("emergency-stop/status");
        throw new TimeoutException($"{MostOrders} orders, and never {expected}: {last}; {health.ToJsonString()}");
    }
}
