using System.Net;
using EmergencyStop.Client;

namespace EmergencyStop.Silo.Tests;

/// <summary>Events through the running service, over kill -9: from a published one to a refused order, and to those who follow.</summary>
public sealed class EventTests
{
    private const string Source = "/risk-engine";

    /// <summary>The service dies in the middle of publishing and following, again and again. Nothing is lost, nothing comes twice, and each event is one stop.</summary>
    [Fact]
    public async Task OverKills_EachPublishedEventIsOneStop_AndAFollowerHearsEachEventOnce()
    {
        const int rounds = 3;
        const int ofARound = 12;
        using var data = new TempFolder();
        await using var venue = await Simulator.StartAsync();
        var key = await ServiceClient.MakeKeyAsync(data.Path, "admin");
        var heard = new List<ServiceEvent>();
        var answered = new Dictionary<string, string>(StringComparer.Ordinal);
        var service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                await using (var client = Client(service, key, retries: 0))
                {
                    var following = FollowAsync(client, heard, () => false);
                    var publishing = PublishAsync(client, round * ofARound, ofARound, answered);
                    while (answered.Count < (round * ofARound) + 4)
                    {
                        await Task.Delay(1);
                    }

                    await service.KillAsync(); // Some are answered, some are recorded and not answered, some have not arrived.
                    await Task.WhenAll(publishing, following);
                }

                await service.DisposeAsync();
                service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
            }

            await using var last = Client(service, key, retries: 5);
            var before = new Dictionary<string, string>(answered, StringComparer.Ordinal);
            await PublishAsync(last, 0, rounds * ofARound, answered);
            Assert.All(before, a => Assert.Equal(a.Value, answered[a.Key])); // The same event is the same stop.
            Assert.Equal(rounds * ofARound, answered.Values.Distinct(StringComparer.Ordinal).Count());

            await FollowAsync(last, heard, () => heard.Count(e => e.Type == "stop.engaged") == answered.Count && heard.Count(e => e.Type == "stop.progressed") >= answered.Count);
            Assert.Equal(Enumerable.Range(1, heard.Count).Select(i => (long)i), heard.Select(e => e.Id));
            Assert.Equal(
                answered.Values.Order(StringComparer.Ordinal), heard.Where(e => e.Type == "stop.engaged").Select(e => e.Subject).Order(StringComparer.Ordinal));
            Assert.Equal(answered.Count, heard.Count(e => e.Type == "gate.closed"));
            await RefusedAsync(service, key, answered);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    /// <summary>Without the ledger the same event is the same stop too: before a kill -9, after it, and once it is recorded.</summary>
    [Fact]
    public async Task WithoutTheLedger_AnEventIsOneStop_BeforeAKill_AfterIt_AndAfterItsRecord()
    {
        using var data = new TempFolder();
        await using var venue = await Simulator.StartAsync();
        var key = await ServiceClient.MakeKeyAsync(data.Path, "admin");
        var service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
        string id;
        try
        {
            await using (var client = Client(service, key, retries: 0))
            {
                await client.StatusAsync(); // The key is known here, and in the mirror, before the ledger is gone.
                await client.PlaceOrderAsync(new("alice", "s1", "AAPL", OrderSide.Buy, 1, OrderType.Limit) { LimitPrice = 50 });
                using var held = new LedgerLock(data.Path);
                var first = await StopAsync(client, "drawdown-1", "alice");
                var again = await StopAsync(client, "drawdown-1", "alice");
                Assert.Equal((first.StopId, false, false), (again.StopId, first.Recorded, again.Recorded));
                id = first.StopId;
                await service.KillAsync();
            }

            await service.DisposeAsync();
            service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
            using var officer = ServiceClient.Of(service, key);
            await officer.UntilAsync($"emergency-stop/stops/{id}", s => s["state"]?.GetValue<string>() == "completed");
            await using var after = Client(service, key, retries: 0);
            var recorded = await StopAsync(after, "drawdown-1", "alice");
            Assert.Equal((id, true), (recorded.StopId, recorded.Recorded));
            await RefusedAsync(service, key, new Dictionary<string, string>(StringComparer.Ordinal) { ["alice"] = id });
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    private static EmergencyStopClient Client(ServiceProcess service, string key, int retries) => new(new() { Url = service.Url, ApiKey = key, MaxRetries = retries });

    private static Task<StopResult> StopAsync(EmergencyStopClient client, string eventId, string user) =>
        client.PublishEmergencyStopAsync(Source, eventId, StopTarget.OfUser(user), "drawdown", new() { Wait = TimeSpan.Zero, ReasonCode = EmergencyStopReason.RiskViolation });

    /// <summary>Publishes until one is not answered.</summary>
    private static async Task PublishAsync(EmergencyStopClient client, int from, int count, Dictionary<string, string> answered)
    {
        foreach (var user in Enumerable.Range(from, count).Select(i => $"u{i}"))
        {
            try
            {
                answered[user] = (await StopAsync(client, $"event-of-{user}", user)).StopId;
            }
            catch (EmergencyStopException e) when (e.Problem.Status == 0)
            {
                return;
            }
        }
    }

    /// <summary>Goes on after the last event that was worked off, until it is enough or the service is gone.</summary>
    private static async Task FollowAsync(EmergencyStopClient client, List<ServiceEvent> heard, Func<bool> enough)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await foreach (var one in client.FollowEventsAsync(after: heard.Count == 0 ? 0 : heard[^1].Id, cancellationToken: bound.Token))
            {
                heard.Add(one);
                if (enough())
                {
                    return;
                }
            }
        }
        catch (EmergencyStopException e) when (e.Problem.Status == 0)
        {
            // The service was killed.
        }
    }

    private static async Task RefusedAsync(ServiceProcess service, string key, Dictionary<string, string> stops)
    {
        using var engine = ServiceClient.Of(service, key);
        foreach (var (user, stop) in stops)
        {
            var (status, problem) = await engine.PlaceAsync(user);
            Assert.Equal((HttpStatusCode.Locked, stop), (status, problem["stop_id"]?.GetValue<string>()));
        }

        Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("somebody-else")).Status);
    }
}
