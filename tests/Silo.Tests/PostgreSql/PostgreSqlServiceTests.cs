using System.Net;
using System.Text.Json.Nodes;
using EmergencyStop.Ledger.Tests.PostgreSql;
using Xunit.Abstractions;

namespace EmergencyStop.Silo.Tests.PostgreSql;

/// <summary>The service on a PostgreSQL server of its own, which dies and is put back.</summary>
public sealed partial class PostgreSqlServiceTests(ITestOutputHelper output) : IDisposable
{
    private const int Rounds = 6;
    private const int Orders = 120;
    private readonly PostgreSqlServer _server = PostgreSqlServer.StartOwn();

    private Dictionary<string, string> Settings => new(StringComparer.Ordinal)
    {
        ["Ledger"] = "PostgreSql",
        ["ConnectionStrings__Ledger"] = _server.ConnectionString("postgres"),
        ["PostgreSql__AloneTimeout"] = "00:00:02",
        ["PostgreSql__ConnectTimeout"] = "00:00:15", // A busy machine is no lost server.
    };

    public void Dispose() => _server.Dispose();

    /// <summary>Laws 5 and 10: what was answered as recorded is there, what was not is recorded later, and every order ends.</summary>
    [SkippableFact]
    public async Task Stops_WhoseServerIsKilledInTheMiddle_AreCarriedOutAndRecorded()
    {
        var random = new Random(Environment.TickCount);
        using var data = new TempFolder();
        await using var venue = await Simulator.StartAsync();
        var engineKey = await ServiceClient.MakeKeyAsync(Settings, data.Path, "engine");
        var officerKey = await ServiceClient.MakeKeyAsync(Settings, data.Path, "risk_officer");
        await using var service = await ServiceProcess.StartWithAsync(data.Path, Settings, "--venue-url", venue.Url.ToString());
        using var engine = ServiceClient.Of(service, engineKey);
        using var officer = ServiceClient.Of(service, officerKey);
        var stops = new List<(string User, string Stop, bool Recorded)>();
        for (var round = 0; round < Rounds; round++)
        {
            var user = $"user{round}";
            await venue.SetFaultsAsync(new { latency_ms = 0 });
            await PlaceAllAsync(engine, user);
            await venue.SetFaultsAsync(new { latency_ms = 5 });
            var stopping = officer.PostAsync("emergency-stop/execute?wait_ms=0", new { reason = "drill", scope = "USER", user_id = user });
            await Task.Delay(random.Next(0, 120));
            _server.Kill();
            var (status, body) = await stopping;
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Accepted, body.ToJsonString());
            var recorded = body["recorded"]?.GetValue<bool>() != false;
            stops.Add((user, body["stop_id"]!.GetValue<string>(), recorded));
            output.WriteLine($"{user}: recorded {recorded}");

            Assert.NotEqual(HttpStatusCode.Created, (await engine.PlaceAsync($"{user}x")).Status); // Without its ledger nothing is admitted.
            _server.Restart();
            await PlacedOnceBackAsync(engine, $"{user}y");
        }

        foreach (var (user, stop, recorded) in stops)
        {
            var whole = await officer.UntilAsync($"emergency-stop/stops/{stop}", s => s["state"]?.GetValue<string>() == "completed");
            var cancelled = whole["outcomes"]!.AsArray().Count(o => o!["kind"]!.GetValue<string>() == "order" && o["outcome"]!.GetValue<string>() == "cancelled");
            Assert.True(!recorded || cancelled == Orders, $"{user}: {cancelled} of {Orders}"); // What the brake had cancelled before the record was not owed any more.
            Assert.Equal((HttpStatusCode)423, (await engine.PlaceAsync(user)).Status);
            Assert.Empty(await venue.OpenOrdersAsync(user));
        }

        var (code, verdict, error) = await ServiceProcess.RunWithAsync(Settings, "Silo", "audit", "verify", "--data", data.Path);
        Assert.True(code == 0, verdict + error);
    }

    [SkippableFact]
    public async Task TheLedgersCommands_CheckADatabase_AndSayWhatBacksItUp()
    {
        using var data = new TempFolder();
        _ = await ServiceClient.MakeKeyAsync(Settings, data.Path, "engine");
        var (code, lines, error) = await ServiceProcess.RunWithAsync(Settings, "Silo", "ledger", "check", "--data", data.Path);
        Assert.True(code == 0, lines + error);
        Assert.Contains("ok      audit    1 entries are chained", lines, StringComparison.Ordinal);

        _server.Execute("postgres", "UPDATE emergency_stop.audit SET actor = 'mallory'");
        (code, lines, _) = await ServiceProcess.RunWithAsync(Settings, "Silo", "ledger", "check", "--data", data.Path);
        Assert.Equal(1, code);
        Assert.Contains("FAILED  audit    broken at entry 1", lines, StringComparison.Ordinal);

        (code, _, error) = await ServiceProcess.RunWithAsync(Settings, "Silo", "ledger", "backup", Path.Combine(data.Path, "backup.db"), "--data", data.Path);
        Assert.Equal(2, code);
        Assert.Contains("pg_dump or pg_basebackup", error, StringComparison.Ordinal);
    }

    /// <summary>The page's walk-through: pg_dump, a new database, pg_restore.</summary>
    [SkippableFact]
    public async Task ARestoredDump_LatchesSystem()
    {
        using var data = new TempFolder();
        var key = await ServiceClient.MakeKeyAsync(Settings, data.Path, "engine");
        var dump = _server.Data + ".dump";
        await using (var service = await ServiceProcess.StartWithAsync(data.Path, Settings))
        {
            using var engine = ServiceClient.Of(service, key);
            Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("alice")).Status);
            _server.Run("pg_dump", "-h", "127.0.0.1", "-p", $"{_server.Port}", "-U", "postgres", "-Fc", "-n", "emergency_stop", "-f", dump, "postgres");
            Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("alice")).Status);
            await Task.Delay(TimeSpan.FromSeconds(2)); // The number is noted once a second.
            Assert.Equal(0, await service.TerminateAsync());
        }

        _server.Execute("postgres", "DROP SCHEMA emergency_stop CASCADE");
        _server.Run("pg_restore", "-h", "127.0.0.1", "-p", $"{_server.Port}", "-U", "postgres", "-d", "postgres", dump);
        await using var again = await ServiceProcess.StartWithAsync(data.Path, Settings);
        using var trading = ServiceClient.Of(again, key);
        var (status, problem) = await trading.PlaceAsync("alice");
        Assert.Equal((HttpStatusCode)423, status);
        Assert.Contains("SYSTEM is latched", again.Output, StringComparison.Ordinal);
        Assert.NotNull(problem["stop_id"]);
    }

    private static async Task PlaceAllAsync(ServiceClient engine, string user) =>
        await Parallel.ForEachAsync(Enumerable.Range(0, Orders), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) =>
        {
            var (status, body) = await engine.PlaceAsync(user);
            Assert.True(status == HttpStatusCode.Created, body.ToJsonString());
        });

    /// <summary>Once the stops are recorded orders are taken again.</summary>
    private static async Task PlacedOnceBackAsync(ServiceClient engine, string user)
    {
        JsonNode last = new JsonObject();
        for (var tries = 0; tries < 300; tries++)
        {
            (var status, last) = await engine.PlaceAsync(user);
            if (status == HttpStatusCode.Created)
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"No order is taken after the server is back: {last.ToJsonString()}");
    }
}
