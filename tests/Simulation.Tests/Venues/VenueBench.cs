using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Sending;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>A venue, one process with its link, and hands to drive them.</summary>
internal sealed class VenueBench : IVenueObserver
{
    public static readonly AccountId Alice = AccountId.Parse("alice");
    public static readonly AccountId Bob = AccountId.Parse("bob");
    public static readonly Symbol Pair = Symbol.Parse("BTC-USD");
    public static readonly Symbol Share = Symbol.Parse("ACME");
    private readonly List<VenueOrderReport> _notices = [];
    private int _orders;

    public VenueBench(ulong seed, VenueSettings settings, VenueBug bug = VenueBug.None)
    {
        SynchronizationContext.SetSynchronizationContext(null); // What is awaited goes on within the step.
        World = new(seed);
        Venue = new(World, Faults, settings);
        Process = new(World, "one");
        Link = new(Venue, Process, Faults) { Bug = bug };
        if (settings.PushesUpdates)
        {
            Link.Subscribe(this);
        }
    }

    public SimulatedWorld World { get; }

    public VenueFaults Faults { get; } = new();

    public ModelVenue Venue { get; }

    public SimulatedProcess Process { get; }

    public VenueLink Link { get; }

    public IReadOnlyList<VenueOrderReport> Notices => _notices;

    public void OnOrder(VenueOrderReport report) => _notices.Add(report);

    /// <summary>Steps until nothing is due any more.</summary>
    public void Run()
    {
        while (World.TryStep())
        {
        }
    }

    /// <summary>Steps until a call is answered.</summary>
    public T Wait<T>(ValueTask<T> call)
    {
        var task = call.AsTask();
        while (!task.IsCompleted)
        {
            Assert.True(World.TryStep(), "The call is never answered.");
        }

        return task.Result;
    }

    /// <summary>Steps up to a time.</summary>
    public void Until(TimeSpan at)
    {
        var there = false;
        World.After(at - World.Now, null, () => there = true);
        while (!there && World.TryStep())
        {
        }
    }

    public VenueOrder Limit(AccountId account, Symbol? symbol = null, decimal limit = 50, OrderSide side = OrderSide.Buy, TimeInForce inForce = TimeInForce.Gtc, bool reduceOnly = false) =>
        Order(account, OrderType.Limit, symbol, limit, side, inForce, reduceOnly);

    public VenueOrder Order(
        AccountId account, OrderType type, Symbol? symbol = null, decimal? limit = null, OrderSide side = OrderSide.Buy, TimeInForce inForce = TimeInForce.Gtc, bool reduceOnly = false) =>
        new(OrderId.Parse($"o{++_orders}"), account, new(UserId.Parse(account.Value), null, symbol ?? Pair, side, 10, type, limit, TimeInForce: inForce, ReduceOnly: reduceOnly));

    public WindowPermit Permit() => new(Process, TimeSpan.FromSeconds(2));

    public PlaceOutcome Place(VenueOrder order)
    {
        using var permit = Permit();
        return Wait(Link.PlaceAsync(order, permit, CancellationToken.None));
    }

    /// <summary>An order that rests, at a venue without faults.</summary>
    public VenueOrderReport Rest(AccountId account, Symbol? symbol = null) => Assert.IsType<PlaceOutcome.Accepted>(Place(Limit(account, symbol))).Report;

    public CancelOutcome Cancel(VenueOrderReport order) =>
        Wait(Link.CancelAsync(order.Account, OrderId.Parse(order.ClientOrderId), order.VenueOrderId, CancellationToken.None));

    public MassCancelOutcome CancelAll(AccountId account)
    {
        using var permit = Permit();
        return Wait(Link.CancelAllAsync(account, permit, CancellationToken.None));
    }

    public Reading<VenueOrderReport> Find(AccountId account, OrderId order) => Wait(Link.FindOrdersAsync(account, [order], CancellationToken.None))[order];

    public IEnumerable<VenueEntry> Of(VenueEvent happened) => Venue.Record.Where(e => e.Event == happened);
}

/// <summary>A permit with a window by the process's clock, which counts how often it is asked.</summary>
internal sealed class WindowPermit(SimulatedProcess process, TimeSpan window) : ISendPermit, IDisposable
{
    private readonly CancellationTokenSource _end = new(window, process.Time);

    public int Asked { get; private set; }

    public TimeSpan? TakenAt { get; private set; }

    public CancellationToken WindowEnd => _end.Token;

    public bool TryTake(out string? why)
    {
        Asked++;
        why = _end.IsCancellationRequested ? "the window is over" : null;
        TakenAt = why is null ? process.World.Now : null;
        return why is null;
    }

    public void Dispose() => _end.Dispose();
}
