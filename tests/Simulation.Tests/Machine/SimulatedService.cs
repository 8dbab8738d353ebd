using System.Reflection;
using EmergencyStop.Grains.Braking;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Grains.Strategies;
using EmergencyStop.Grains.Watching;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Strategies;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Solo.Simulation;
using Orleans.Storage;

namespace EmergencyStop.Simulation.Tests.Machine;

/// <summary>What the outside world and this process's machine give it.</summary>
/// <param name="Ledger">Its way to the ledger.</param>
/// <param name="Venue">Its way to the venue.</param>
/// <param name="Strategies">Its way to the strategies.</param>
/// <param name="Accounts">The account map.</param>
/// <param name="Ids">The ids.</param>
/// <param name="Spool">The machine's spool, if it has one.</param>
/// <param name="States">Where grains keep their states.</param>
/// <param name="Hears">Hears what goes wrong, by its log.</param>
public sealed record Surroundings(
    ILedger Ledger, IVenue Venue, IStrategyManager Strategies, IAccountMap Accounts, IIdSource Ids, StopSpool? Spool, IGrainStorage States, Action<Logged> Hears);

/// <summary>One process of the service, put together by hand from the very classes that the host registers.</summary>
/// <remarks>Background readers run here without their host: what <c>StartAsync</c> does beside starting them is done by <see cref="Begin"/>.</remarks>
public sealed class SimulatedService
{
    private static readonly Func<BackgroundService, CancellationToken, Task> Execute = typeof(BackgroundService)
        .GetMethod("ExecuteAsync", BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Func<BackgroundService, CancellationToken, Task>>(); // declared there

    private readonly StopBrake _brake;
    private readonly VenueUpdatePump _pump;
    private readonly Surroundings _around;
    private readonly BackgroundService[] _readers;

    /// <summary>Furnishes a process.</summary>
    public SimulatedService(SimulatedSilo silo, SimulatedServices services, Surroundings around, ServiceSettings settings)
    {
        (Silo, _around) = (silo, around);
        var (ledger, venue, _, accounts, ids, spool, states, _) = around;
        var (time, grains) = (silo.Process.Time, silo.Grains);
        var mirror = new LedgerMirror();
        var latches = new BrakeLatches();
        var sight = new BrakeSight(venue, accounts, ledger, mirror, time, settings.Orders, settings.Braking);
        _brake = new(latches, spool, sight, time, settings.Braking, settings.Stopping, Log<StopBrake>());
        var desk = new NoticeDesk(ledger, around.Strategies, time, settings.Notices, Log<NoticeDesk>());
        var watched = new WatchedUsers(ledger, accounts);
        var patience = new AccountPatience(grains, time, settings.Stopping);
        var sweeper = new SliceSweeper(grains, patience, settings.Stopping, Log<SliceSweeper>());
        var flow = new StopFlow(ledger, grains, sweeper, patience, watched, accounts, time, settings.Stopping);
        System = new(
            ledger, grains, accounts, ids, new StopWarnings(accounts, venue, settings.Watching), time, _brake, mirror, settings.Braking, Log<EmergencyStopSystem>());
        Degrees = new(ledger, grains, accounts, time, Log<StopDegrees>());
        _pump = new(venue, accounts, grains, Log<VenueUpdatePump>());
        _readers =
        [
            new MirrorKeeper(ledger, mirror, accounts, time, settings.Braking, Log<MirrorKeeper>()),
            new StopReplay(ledger, _brake, grains, time, settings.Braking, Log<StopReplay>()),
            new LedgerWatch(ledger, _brake, time, settings.Braking, Log<LedgerWatch>()),
            _pump,
            new StopRecovery(ledger, grains, time, settings.Stopping, Log<StopRecovery>()),
            new OrderRecovery(ledger, grains, venue, time, settings.Orders, settings.Stopping, Log<OrderRecovery>()),
            new StopWatcher(ledger, grains, watched, venue, time, settings.Watching, Log<StopWatcher>()),
        ];
        Furnish(services);

        SimulatedLog<T> Log<T>() => new(around.Hears);

        void Furnish(SimulatedServices with)
        {
            with.Add(ledger);
            with.Add(venue);
            with.Add(accounts);
            with.Add(ids);
            with.Add<TimeProvider>(time);
            with.Add(settings.Orders);
            with.Add(settings.Stopping);
            with.Add(latches);
            with.Add(_brake);
            with.Add(flow);
            with.Add(sweeper);
            with.Add(desk);
            with.Add<ILogger<UserGrain>>(Log<UserGrain>());
            with.Add<ILogger<EmergencyStopCoordinatorGrain>>(Log<EmergencyStopCoordinatorGrain>());
            with.Add("grains", states);
        }
    }

    public SimulatedSilo Silo { get; }

    public SimulatedProcess Process => Silo.Process;

    public IGrainFactory Grains => Silo.Grains;

    /// <summary>What the API calls for stops and releases.</summary>
    public EmergencyStopSystem System { get; }

    /// <summary>What the API calls for waivers, carve-outs and escalations.</summary>
    public StopDegrees Degrees { get; }

    /// <summary>Starts the background readers.</summary>
    public void Begin()
    {
        _brake.Resume();
        if (_around.Venue.Description.PushesUpdates)
        {
            _around.Venue.Subscribe(_pump);
        }

        foreach (var reader in _readers)
        {
            _ = Execute(reader, CancellationToken.None);
        }
    }
}
