using System.Text.Json;
using EmergencyStop.Client;
using Spectre.Console;

namespace EmergencyStop.Silo.CommandLine;

/// <summary>Shows a stop: as JSON, as a table, or live on a terminal.</summary>
internal sealed class StopView
{
    private const int MostItems = 20;

    private readonly bool _json;
    private readonly IAnsiConsole _console = Screen.Create();

    private StopView(bool json) => _json = json;

    /// <summary>Whether progress is drawn as it happens.</summary>
    public bool IsLive => !_json && !Console.IsOutputRedirected;

    /// <summary>The view of one command.</summary>
    public static StopView For(bool json) => new(json);

    /// <summary>The result, as the last thing said.</summary>
    public void Show(StopResult result)
    {
        if (_json)
        {
            Console.WriteLine(JsonSerializer.Serialize<object>(result, EmergencyStopJson.Options));
            return;
        }

        _console.Write(Summary(result));
        if (!result.Recorded)
        {
            _console.WriteLine("*** NOT RECORDED: the ledger is down. Check that the orders are gone, keep the service running, and watch this stop until it is recorded. ***");
        }

        _console.WriteLine(Wording.Line(result.Message));
        foreach (var error in result.Recorded ? [] : result.Errors.Take(1))
        {
            _console.WriteLine(Wording.Line(error));
        }

        foreach (var item in result.Outstanding.Take(MostItems))
        {
            _console.WriteLine($"  {Wording.Word(item.Kind)} {Wording.Line(item.Item)}: {Wording.Word(item.Outcome)}, {Wording.Line(item.Reason)} (tries: {item.Attempts})");
        }

        if (result.Outstanding.Count > MostItems)
        {
            _console.WriteLine($"  … and {result.Outstanding.Count - MostItems} more; --json names them all.");
        }

        foreach (var warning in result.Warnings)
        {
            _console.WriteLine($"  note: {Wording.Line(warning)}");
        }

        foreach (var position in result.UnprotectedPositions)
        {
            _console.WriteLine($"  unprotected: {Wording.Line(position)}");
        }
    }

    /// <summary>Follows a stop until its flow has been through, at most for so long.</summary>
    /// <returns>The last that was learned of it.</returns>
    public async Task<StopResult> FollowAsync(EmergencyStopClient client, StopResult first, TimeSpan? atMost, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(atMost ?? Timeout.InfiniteTimeSpan, TimeProvider.System);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var last = first;
        try
        {
            await WatchAsync(client, first.StopId, progress => last = progress.Result, ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The wait is over; the stop is not.
        }
        catch (EmergencyStopException e)
        {
            await Console.Error.WriteLineAsync($"The stop is engaged, but can no longer be followed: {e.Problem.Detail}");
        }

        return last;
    }

    /// <summary>Follows a stop to the end, drawing it if this is a terminal.</summary>
    public async Task WatchAsync(EmergencyStopClient client, string stopId, Action<StopProgress> see, CancellationToken cancellationToken)
    {
        if (!IsLive)
        {
            await foreach (var progress in client.WatchAsync(stopId, cancellationToken))
            {
                see(progress);
            }

            return;
        }

        await _console.Live(new Text($"{stopId} …")).AutoClear(true).StartAsync(async live =>
        {
            await foreach (var progress in client.WatchAsync(stopId, cancellationToken))
            {
                see(progress);
                live.UpdateTarget(Summary(progress.Result));
            }
        });
    }

    /// <summary>One line for each figure: fits the narrowest terminal, and an id is never folded.</summary>
    private static Grid Summary(StopResult r) => Screen
        .Figures(
            ("stop", r.StopId),
            ("state", Wording.Word(r.State)),
            ("recorded", r.Recorded ? "yes" : "NO"),
            ("gate", Wording.Word(r.Gate)),
            ("orders cancelled", Wording.Number(r.OrdersCancelled)),
            ("strategies paused", Wording.Number(r.StrategiesPaused)),
            ("positions closed", Wording.Number(r.PositionsClosed)),
            ("outstanding", Wording.Number(r.Outstanding.Count)),
            ("gate closed after", Wording.Ms(r.GateClosedMs)),
            ("took", Wording.Ms(r.ExecutionTimeMs)));
}
