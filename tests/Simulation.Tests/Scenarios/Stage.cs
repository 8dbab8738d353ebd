using System.Globalization;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Simulation.Tests.Machine;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;
using Orleans.Solo;
using Orleans.Solo.Simulation;
using Orleans.Storage;

namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <summary>The world of one history: a ledger, a venue, and slots in which processes run, die and start again.</summary>
public sealed class Stage : IDisposable
{
    private const int SpoolRecords = 8;
    private static readonly TimeSpan LearnsOfItsDeath = TimeSpan.FromSeconds(1);
    private static readonly string SpoolFolder = Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"emergency-stop-simulation-{Environment.ProcessId}"));

    private readonly Plan _plan;
    private readonly Bugs _bugs;
    private readonly SeededIds _ids = new();
    private readonly AccountsByName _accounts;
    private readonly MemoryGrainStorage _states = new();
    private readonly Slot[] _slots;
    private readonly SeededRandom _random;
    private readonly List<StrategyHeard> _told = [];
    private TimeSpan? _nextSenderStands;

    public Stage(Plan plan, Bugs bugs, Action<string>? listener)
    {
        _plan = plan;
        World = new(plan.Seed) { Listener = listener };
        _random = World.RandomOf("stage");
        _accounts = new(plan.Users);
        Lane = new(World, new());
        Store = new(keepsWords: false) { Planted = bugs.Ledger };
        var faults = new VenueFaults { SendWindow = Settings.Orders.Value.SendWindow };
        Venue = new(World, faults, SettingsOf(plan.Venue));
        _bugs = bugs;
        Rates = new();
        plan.Rates.Apply(new(Rates, Lane.Faults, faults));
        Cluster = new(World, Rates, typeof(UserGrain).Assembly, typeof(Stop).Assembly);
        _slots = [.. Enumerable.Range(0, plan.Processes).Select(n => new Slot(n))];
        Directory.CreateDirectory(SpoolFolder);
        foreach (var slot in _slots)
        {
            File.Delete(slot.SpoolPath);
        }
    }

    /// <summary>Told when a number was drawn, by whoever keeps the times.</summary>
    public Func<long, TimeSpan>? DrawnAt { get; set; }

    /// <summary>The settings of every process.</summary>
    public ServiceSettings Settings { get; } = new();

    public SimulatedWorld World { get; }

    public ModelStore Store { get; }

    public LedgerLane Lane { get; }

    public ModelVenue Venue { get; }

    public SimulatedCluster Cluster { get; }

    public SimulatedRates Rates { get; }

    /// <summary>Told of each urgent commit: what, how many commits had begun when it was asked for, and when it was carried out.</summary>
    public Action<string, long, long>? Urgent { get; set; }

    /// <summary>Told when a process has started.</summary>
    public Action<string>? Started { get; set; }

    /// <summary>Told when a process has written into its log that something went wrong.</summary>
    public Action<Logged>? Logged { get; set; }

    /// <summary>Told before a process is killed.</summary>
    public Action? Killing { get; set; }

    /// <summary>The processes that run, by slot.</summary>
    public IEnumerable<SimulatedService> Running => _slots.Select(s => s.Service).OfType<SimulatedService>();

    /// <summary>Some process that runs; <c>null</c> when none does.</summary>
    public SimulatedService? Someone(SeededRandom random)
    {
        var running = Running.ToArray();
        return running.Length == 0 ? null : random.Pick(running);
    }

    public void StartAll()
    {
        foreach (var slot in _slots.Where(s => s.Service is null))
        {
            Start(slot.Number);
        }
    }

    public void Start(int number)
    {
        var slot = _slots[number % _slots.Length];
        if (slot.Service is not null)
        {
            return;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"p{slot.Number}.{++slot.Starts}");
        SimulatedService? service = null;
        Cluster.Start(name, (silo, services) =>
        {
            slot.Way = Lane.Of(silo.Process);
            slot.Way.Urgent = (what, before, begun) => Urgent?.Invoke(what, before, begun);
            slot.Spool = StopSpool.Open(slot.SpoolPath, SpoolRecords);
            silo.Process.Time.Drift = _plan.Drift[slot.Number % _plan.Drift.Length];
            var ledger = new ModelLedger(Store, slot.Way, silo.Process.Time, startsBlind: Lane.IsDown, cut: 1 + _random.Next(8));
            service = new(
                silo, services,
                new(ledger, new VenueLink(Venue, silo.Process, Venue.Faults) { Bug = _bugs.Venue, WindowEndOf = WindowEndOf, MassCancelling = () => StandStill(slot) },
                    new RecordingStrategies(silo.Process, Venue.Faults, _told), _accounts, _ids, slot.Spool, _states, entry => Logged?.Invoke(entry)),
                Settings);
        });
        slot.Service = service;
        Store.Open();
        World.Note(name, "starts");
        Started?.Invoke(name);
        service!.Begin(); // furnished above
    }

    public void Kill(int number)
    {
        var slot = _slots[number % _slots.Length];
        if (slot.Service is { } service)
        {
            Killing?.Invoke();
            World.Note(service.Process.Name, "is killed");
            Cluster.Kill(service.Silo);
            slot.Spool?.Dispose();
            (slot.Service, slot.Spool, slot.Way) = (null, null, null);
        }
    }

    public void Freeze(int number, TimeSpan lasts)
    {
        if (_slots[number % _slots.Length].Service is { } service)
        {
            World.Note(service.Process.Name, $"is frozen for {lasts.TotalMilliseconds:0} ms");
            service.Process.Freeze(lasts);
        }
    }

    /// <summary>The next process that is about to send a mass cancel stands still for a while.</summary>
    public void FreezeNextSender(TimeSpan lasts) => _nextSenderStands = lasts;

    public void Jump(int number, TimeSpan by)
    {
        if (_slots[number % _slots.Length].Service is { } service)
        {
            World.Note(service.Process.Name, $"its wall clock is set by {by.TotalSeconds:0.000} s");
            service.Process.Time.Jump(by);
        }
    }

    public void Cut(int number, TimeSpan lasts)
    {
        if (_slots[number % _slots.Length] is { Service: { } service, Way: { } way })
        {
            World.Note(service.Process.Name, $"cannot reach the ledger for {lasts.TotalMilliseconds:0} ms");
            way.CutUntil = World.Now + lasts;
        }
    }

    /// <summary>Every fault ceases, and every process runs.</summary>
    public void Heal()
    {
        World.Note("world", "every fault ceases");
        Rates.Heal();
        _nextSenderStands = null;
        Lane.LoseNextEngage(null);
        Lane.Faults.Heal();
        Lane.ComeBack();
        Venue.Faults.Heal();
        foreach (var slot in _slots)
        {
            if (slot.Way is { } way)
            {
                way.CutUntil = TimeSpan.Zero;
            }
        }

        StartAll();
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Spool?.Dispose();
        }
    }

    /// <summary>The others take it for dead; it learns of that a while after it has come to, and ends itself.</summary>
    private void StandStill(Slot slot)
    {
        if (_nextSenderStands is not { } lasts || slot.Service is not { } service)
        {
            return;
        }

        _nextSenderStands = null;
        World.Note(service.Process.Name, $"is about to send a mass cancel, stands still for {lasts.TotalMilliseconds:0} ms, and is taken for dead");
        service.Process.Freeze(lasts);
        Cluster.TakeForDead(service.Silo);
        World.After(lasts + LearnsOfItsDeath, null, () =>
        {
            if (slot.Service == service)
            {
                Kill(slot.Number);
                Start(slot.Number);
            }
        });
    }

    /// <summary>The end of an order's send window, which a dead process's connection does not outlast.</summary>
    private TimeSpan? WindowEndOf(OrderId order) =>
        Store.FindOrder(order) is { } row && DrawnAt?.Invoke(row.Number) is { } drawn ? drawn + Settings.Orders.Value.SendWindow : null;

    private static VenueSettings SettingsOf(VenueKind kind) => (kind.Pushes ? VenueSettings.Pushing : VenueSettings.Polled) with
    {
        AcceptsReduceOnly = kind.EnforcesReduceOnly,
        MassCancel = kind.MassCancel ? MassCancelScope.Account : MassCancelScope.None,
    };

    private sealed class Slot(int number)
    {
        public int Number => number;

        public int Starts { get; set; }

        public SimulatedService? Service { get; set; }

        public LedgerLane.Way? Way { get; set; }

        public StopSpool? Spool { get; set; }

        public string SpoolPath { get; } = Path.Combine(SpoolFolder, string.Create(CultureInfo.InvariantCulture, $"{number}.spool"));
    }
}

/// <summary>Bugs that are planted in what surrounds the grains.</summary>
/// <param name="Ledger">In the model ledger.</param>
/// <param name="Venue">In the venue's link.</param>
public sealed record Bugs(LedgerBug Ledger = LedgerBug.None, VenueBug Venue = VenueBug.None);
