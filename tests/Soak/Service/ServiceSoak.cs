using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using EmergencyStop.Ids;
using EmergencyStop.Silo.Tests;
using EmergencyStop.Stopping;
using Microsoft.Data.Sqlite;

namespace EmergencyStop.Soak.Service;

/// <summary>kill -9 of the whole service at random points of stops of every scope, under traffic, at a venue that misbehaves.</summary>
internal sealed class ServiceSoak
{
    private const int RoundsAWorld = 10;
    private const int MostStops = 3;
    private const int LongestLifeMs = 600;
    private const int LongestTroubleMs = 3_000;

    private static readonly Faults Calm = new(0, 0, 0, 0, down: false);

    private readonly Random _random;
    private readonly Traffic _traffic;
    private readonly Action<string> _tell;
    private readonly string _data;
    private readonly Simulator _venue;
    private readonly string _engineKey;
    private readonly string _officerKey;
    private ServiceProcess _service;

    private ServiceSoak(int seed, Action<string> tell, string data, Simulator venue, string engineKey, string officerKey, ServiceProcess service)
    {
        (_random, _traffic, _tell, _data, _venue) = (new(seed), new(seed), tell, data, venue);
        (_engineKey, _officerKey, _service) = (engineKey, officerKey, service);
    }

    /// <summary>Kills as often as asked, and as long as asked; every ten kills in a world of their own.</summary>
    public static async Task<SoakFigures> RunAsync(SoakRun run, Action<string> tell)
    {
        var (round, answers) = (0, 0L);
        while (run.GoesOn(round))
        {
            using var folder = new TempFolder();
            await using var venue = await Simulator.StartAsync();
            var engine = await ServiceClient.MakeKeyAsync(folder.Path, "engine");
            var officer = await ServiceClient.MakeKeyAsync(folder.Path, "risk_officer");
            var soak = new ServiceSoak(
                run.Seed + round, tell, folder.Path, venue, engine, officer, await ServiceProcess.StartSiloAsync(folder.Path, venue.Url));
            try
            {
                for (var i = 0; i < RoundsAWorld && run.GoesOn(round); i++, round++)
                {
                    await soak.RoundAsync(round);
                }

                await soak.CheckAuditAsync();
            }
            finally
            {
                await soak._service.DisposeAsync();
            }

            answers += soak._traffic.Heard.Count;
        }

        return new(round, answers);
    }

    private async Task RoundAsync(int round)
    {
        var stops = Enumerable.Range(0, _random.Next(1, MostStops + 1)).Select(i => Choose($"{round}-{i}")).ToArray();
        await _venue.SetFaultsAsync(Calm);
        _traffic.Start(_engineKey, _service);
        await _traffic.FlowsAsync(_random.Next(1, 100));
        var (trouble, faults) = Choose();
        await _venue.SetFaultsAsync(faults);
        await Task.Delay(_random.Next(0, 100));
        var pressing = stops.Select(s => PressAfterAsync(s, _random.Next(0, 200))).ToArray();
        await Task.Delay(_random.Next(0, LongestLifeMs));
        await _service.KillAsync();
        await Task.WhenAll(pressing);
        await _traffic.EndAsync();
        await _service.DisposeAsync();
        var told = stops.Count(s => s.AnsweredAt is not null);

        _service = await ServiceProcess.StartSiloAsync(_data, _venue.Url);
        _traffic.Start(_engineKey, _service);
        await Task.WhenAll(stops.Select(s => PressAfterAsync(s, 0)));
        await Task.Delay(_random.Next(100, LongestTroubleMs));
        await _venue.SetFaultsAsync(Calm);
        using var officer = ServiceClient.Of(_service, _officerKey);
        foreach (var stop in stops)
        {
            await officer.UntilAsync($"emergency-stop/stops/{stop.StopId}", s => s["state"]?.GetValue<string>() == "completed");
        }

        await _traffic.EndAsync();
        await using var ledger = OpenLedger();
        var witness = new ServiceWitness(ledger, _traffic.Heard, stops, await _venue.OrdersAsync(), await _venue.PositionsAsync());
        witness.Check();
        await ReleaseAsync(officer, stops);
        _tell($"service: kill {round + 1}, venue {trouble}, {string.Join(", ", stops.Select(s => s.Target))}: {told} of {stops.Length} answered before it; {witness.Summary}");
    }

    /// <summary>What is wrong with the venue from shortly before the press until after the restart.</summary>
    private (string Name, object Faults) Choose() => _random.Next(5) switch
    {
        0 => ("well", Calm),
        1 => ("uneven", Calm with { latency_ms = 200, latency_jitter_ms = 200 }),
        2 => ("losing answers", Calm with { lose_answers = 0.3 }),
        3 => ("late with open orders", Calm with { latency_ms = 2, late_ack_ms = _random.Next(50, 800) }),
        _ => ("down", Calm with { down = true }),
    };

    /// <summary>Any scope; closing positions where a person may ask for it.</summary>
    private PressedStop Choose(string key)
    {
        var user = UserId.Parse($"u{_random.Next(Traffic.Traders)}");
        var symbol = Symbol.Parse(_random.Next(2) == 0 ? "AAPL" : "MSFT");
        var target = _random.Next(5) switch
        {
            0 => StopTarget.Of(user),
            1 => StopTarget.Of(Traffic.StrategyOf(user, symbol)),
            2 => StopTarget.Of(symbol),
            3 => StopTarget.Of(user, symbol),
            _ => StopTarget.System,
        };
        return new(target, $"soak-{key}", _random.Next(3) == 0);
    }

    /// <summary>Presses; a press that nobody answers is pressed again after the restart, with its key.</summary>
    private async Task PressAfterAsync(PressedStop stop, int delayMs)
    {
        await Task.Delay(delayMs);
        using var officer = ServiceClient.Of(_service, _officerKey);
        try
        {
            var body = new { reason = "soak", scope = ScopeWord(stop.Target), target = stop.Target == StopTarget.System ? null : stop.Target.Value, close_positions = stop.Close };
            var (status, answer) = await officer.SendAsync(HttpMethod.Post, "emergency-stop/execute?wait_ms=0", body, stop.Key);
            if (status is not (HttpStatusCode.OK or HttpStatusCode.Accepted))
            {
                throw new BrokenLawException($"a stop of {stop.Target} was answered {(int)status}: {answer.ToJsonString()}");
            }

            var id = answer["stop_id"]!.GetValue<string>();
            if (stop.StopId is not null && stop.StopId != id)
            {
                throw new BrokenLawException($"law 6: key {stop.Key} gave {stop.StopId} and {id}");
            }

            (stop.StopId, stop.AnsweredAt) = (id, stop.AnsweredAt ?? Stopwatch.GetTimestamp());
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // Killed before the answer: whether the stop stands is the ledger's to say.
        }
    }

    private static async Task ReleaseAsync(ServiceClient officer, IEnumerable<PressedStop> stops)
    {
        foreach (var stop in stops)
        {
            stop.ReleaseAskedAt = Stopwatch.GetTimestamp();
            var (status, answer) = await officer.PostAsync($"emergency-stop/stops/{stop.StopId}/release", new { reason = "soak", resume_strategies = true });
            var again = status == HttpStatusCode.Conflict && answer["code"]?.GetValue<string>() == "already_released"; // Two presses, one stop.
            if (status != HttpStatusCode.OK && !again)
            {
                throw new BrokenLawException($"{stop.Target} is completed and was not released: {(int)status} {answer.ToJsonString()}");
            }
        }
    }

    private SqliteConnection OpenLedger()
    {
        var file = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(_data, "ledger.db"),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        file.Open();
        return file;
    }

    private async Task CheckAuditAsync()
    {
        var (code, output, error) = await ServiceProcess.RunAsync("Silo", "audit", "verify", "--data", _data);
        if (code != 0)
        {
            throw new BrokenLawException($"audit: {output}{error}");
        }
    }

    private static string ScopeWord(StopTarget target) => target.Scope switch
    {
        EmergencyStopScope.UserSymbol => "USER/SYMBOL",
        var scope => scope.ToString().ToUpperInvariant(),
    };

    /// <summary>By the simulator's own names.</summary>
#pragma warning disable SA1300, IDE1006
    private sealed record Faults(int latency_ms, int latency_jitter_ms, double lose_answers, int late_ack_ms, bool down);
#pragma warning restore SA1300, IDE1006
}
