using System.Net;
using Xunit.Abstractions;

namespace EmergencyStop.Silo.Tests;

/// <summary>kill -9 at random points of a stop over 500 orders: the stop ends as the laws say.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Rounds = 20;
    private const int Orders = 500;
    private const int PlacedAtOnce = 32;

    [Fact]
    public async Task Stop_KilledAtARandomPoint_IsTakenUpAndEnds()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var data = new TempFolder();
        await using var venue = await Simulator.StartAsync();
        var engineKey = await ServiceClient.MakeKeyAsync(data.Path, "engine");
        var officerKey = await ServiceClient.MakeKeyAsync(data.Path, "risk_officer");
        var service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
        var told = 0;
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var user = $"user{round}";
                await venue.SetFaultsAsync(new { latency_ms = 0 });
                using (var engine = ServiceClient.Of(service, engineKey))
                {
                    await PlaceAllAsync(engine, user);
                }

                await venue.SetFaultsAsync(new { latency_ms = 5 });
                var answered = await StopAndKillAsync(service, officerKey, user, TimeSpan.FromMilliseconds(random.Next(0, 250)));
                told += answered ? 1 : 0;
                await service.DisposeAsync();
                service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
                using var officer = ServiceClient.Of(service, officerKey);
                using var trading = ServiceClient.Of(service, engineKey);
                await CheckAsync(officer, trading, venue, user, answered);
            }

            var (code, verdict, error) = await ServiceProcess.RunAsync("Silo", "audit", "verify", "--data", data.Path);
            Assert.True(code == 0, verdict + error);
            output.WriteLine($"{told} of {Rounds} stops had been answered when the service was killed");
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    private static async Task PlaceAllAsync(ServiceClient engine, string user)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, Orders), new ParallelOptions { MaxDegreeOfParallelism = PlacedAtOnce }, async (_, _) =>
        {
            var (status, body) = await engine.PlaceAsync(user);
            Assert.True(status == HttpStatusCode.Created, body.ToJsonString());
        });
    }

    /// <summary>Whether the caller was told that the gate is closed before the process died.</summary>
    private static async Task<bool> StopAndKillAsync(ServiceProcess service, string officerKey, string user, TimeSpan after)
    {
        using var officer = ServiceClient.Of(service, officerKey);
        var stopping = officer.PostAsync("emergency-stop/execute?wait_ms=0", new { reason = "drill", scope = "USER", user_id = user });
        await Task.Delay(after);
        await service.KillAsync();
        try
        {
            return (await stopping).Status is HttpStatusCode.OK or HttpStatusCode.Accepted;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task CheckAsync(ServiceClient officer, ServiceClient engine, Simulator venue, string user, bool answered)
    {
        var (_, history) = await officer.GetAsync("emergency-stop/history?limit=500");
        var stop = history["history"]!.AsArray().FirstOrDefault(s => s!["user_id"]?.GetValue<string>() == user);
        Assert.True(stop is not null || !answered, $"{user}: a stop that was answered is in no history.");
        if (stop is null)
        {
            Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync(user)).Status);
            return;
        }

        Assert.Equal((HttpStatusCode)423, (await engine.PlaceAsync(user)).Status);
        var whole = await officer.UntilAsync(
            $"emergency-stop/stops/{stop["stop_id"]!.GetValue<string>()}", s => s["state"]?.GetValue<string>() == "completed");
        var orders = whole["outcomes"]!.AsArray().Where(o => o!["kind"]!.GetValue<string>() == "order").ToArray();
        Assert.Equal(Orders, orders.Length);
        Assert.Equal(Orders, orders.Select(o => o!["item"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Orders, whole["orders_cancelled"]!.GetValue<int>());

        Assert.Empty(await venue.OpenOrdersAsync(user));
    }
}
