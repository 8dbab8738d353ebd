using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text.Json;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Telemetry;
using EmergencyStop.Venues;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Silo.Telemetry;

/// <summary>What stands rather than happens: open obligations, latches, how ledger and venues are. Read in the background, exported as last read.</summary>
internal sealed class ServiceGauges : BackgroundService
{
    private readonly Meter _meter = new(ServiceTelemetry.Name);
    private readonly ILedger _ledger;
    private readonly IVenueStatusSource _venues;
    private readonly TimeProvider _time;
    private readonly TimeSpan _every;
    private ImmutableArray<UnmetFigures> _unmet = [];
    private long _setAside;
    private int _writable = 1;

    public ServiceGauges(ILedger ledger, IVenueStatusSource venues, TimeProvider time, IOptions<TelemetryOptions> options)
    {
        (_ledger, _venues, _time, _every) = (ledger, venues, time, options.Value.ReadEvery);
        _meter.CreateObservableGauge("emergency_stop.obligations.open", Obligations, "{obligation}", "Unmet obligations of all stops, by kind and outcome (unknown, failed).");
        _meter.CreateObservableGauge("emergency_stop.obligations.oldest_age", OldestAge, "s", "Time since the press of the oldest stop that something is owed for.");
        _meter.CreateObservableGauge("emergency_stop.events.set_aside_waiting", () => Volatile.Read(ref _setAside), "{event}", "Events that no handler took in and nobody has looked at.");
        _meter.CreateObservableGauge("emergency_stop.gate.latches", Latches, "{latch}", "Latches held, by scope.");
        _meter.CreateObservableGauge("emergency_stop.ledger.writable", () => Volatile.Read(ref _writable), unit: null, "1 while a commit works, 0 while the ledger cannot be written.");
        _meter.CreateObservableGauge("emergency_stop.venue.up", Venues, unit: null, "1 while the venue answers, 0 while it does not, -1 before the first call.");
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_every, _time);
        try
        {
            do
            {
                await ReadAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var writable = (await _ledger.HealthAsync(cancellationToken)).Writable;
            Volatile.Write(ref _writable, writable ? 1 : 0);
            var unmet = await _ledger.UnmetFiguresAsync(cancellationToken);
            Volatile.Write(ref _setAside, await _ledger.CountSetAsideAsync(cancellationToken));
            ImmutableInterlocked.InterlockedExchange(ref _unmet, unmet);
        }
        catch (LedgerUnavailableException)
        {
            Volatile.Write(ref _writable, 0); // What was owed before is owed still.
        }
    }

    private IEnumerable<Measurement<long>> Obligations() =>
        _unmet.Select(u => new Measurement<long>(u.Count, new("kind", Word(u.Kind)), new("outcome", Word(u.Outcome))));

    private Measurement<double> OldestAge() =>
        new(_unmet.IsEmpty ? 0 : Math.Max(0, (_time.GetUtcNow() - _unmet.Min(u => u.Since)).TotalSeconds));

    private IEnumerable<Measurement<int>> Latches() =>
        from latch in _ledger.Gate.Latches
        group latch by ServiceTelemetry.ScopeOf(latch.Target) into scope
        select new Measurement<int>(scope.Count(), new KeyValuePair<string, object?>("scope", scope.Key));

    private IEnumerable<Measurement<int>> Venues() =>
        _venues.Venues.Select(v => new Measurement<int>(v.State switch { "up" => 1, "unknown" => -1, _ => 0 }, new KeyValuePair<string, object?>("venue", v.Name)));

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");
}
