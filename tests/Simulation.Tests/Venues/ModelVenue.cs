using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>The world's side of a venue: it survives every process, and keeps the record of what reached it and what it did.</summary>
/// <remarks>Each operation happens whole within one step. <see cref="VenueLink"/> is a process's way to it and back.</remarks>
public sealed partial class ModelVenue
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Shortly = TimeSpan.FromMilliseconds(20);
    private readonly Dictionary<AccountId, ModelAccount> _accounts = [];
    private readonly Dictionary<Symbol, ModelSymbol> _symbols = [];
    private readonly List<ModelAccount> _accountList = [];
    private readonly List<VenueEntry> _record = [];
    private readonly List<VenueLink> _links = [];
    private readonly Dictionary<AccountId, TimeSpan> _read = [];

    public ModelVenue(SimulatedWorld world, VenueFaults faults, VenueSettings settings)
    {
        ArgumentNullException.ThrowIfNull(faults);
        (World, Faults, Settings) = (world, faults, settings);
        faults.Healed += FinishCancels;
    }

    public SimulatedWorld World { get; }

    public VenueFaults Faults { get; }

    public VenueSettings Settings { get; }

    /// <summary>Everything that reached the venue and that it did, in order. Only ever appended to.</summary>
    public IReadOnlyList<VenueEntry> Record => _record;

    /// <summary>The accounts that were ever used, first used first.</summary>
    public IReadOnlyList<ModelAccount> Accounts => _accountList;

    /// <summary>Its clock and hours.</summary>
    public MarketClock Clock
    {
        get
        {
            var (now, closed) = (SimulatedTime.Beginning + World.Now, Faults.ClosedUntil);
            return closed > World.Now ? new(now, IsOpen: false, SimulatedTime.Beginning + closed) : new(now, IsOpen: true, now.AddDays(1));
        }
    }

    public ModelAccount Account(AccountId id)
    {
        if (!_accounts.TryGetValue(id, out var account))
        {
            _accounts[id] = account = new(id, World.RandomOf($"venue/{id}"));
            _accountList.Add(account);
        }

        return account;
    }

    /// <summary>The last price of a symbol.</summary>
    public decimal Price(Symbol symbol) => Of(symbol).PriceAt(World.Now);

    /// <summary>Gives an account a position from before.</summary>
    public void Seed(AccountId account, Symbol symbol, decimal quantity)
    {
        var held = Account(account).PositionOf(Of(symbol));
        (held.Quantity, held.AveragePrice) = (held.Quantity + quantity, Price(symbol));
        Add(new(World.Now, VenueEvent.Seeded, account, Symbol: symbol.Value, Signed: quantity));
    }

    /// <summary>Places an order past the service. By default it rests far from the market.</summary>
    public ModelOrder PlaceForeign(AccountId account, Symbol symbol, OrderSide side, decimal quantity, OrderType type = OrderType.Limit, decimal? limitPrice = null, string? clientOrderId = null)
    {
        var far = Price(symbol) * (side == OrderSide.Buy ? 0.5m : 2m);
        var limit = type is OrderType.Limit or OrderType.StopLimit ? limitPrice ?? far : (decimal?)null;
        var there = Account(account);
        var id = there.NextVenueId();
        var order = new ModelOrder(there, Of(symbol), clientOrderId ?? $"foreign-{id}", id, new(side, quantity, type, limit)) { IsForeign = true };
        Enter(order, VenueEvent.PlacedPast, process: null);
        return order;
    }

    /// <summary>Ends the venue's session: its orders are gone, and it knows none of them any more. Only where orders die with it.</summary>
    public void EndSession()
    {
        if (!Settings.OrdersDieWithSession)
        {
            throw new InvalidOperationException("This venue's orders outlive its session.");
        }

        foreach (var account in _accountList)
        {
            for (var i = account.Open.Count - 1; i >= 0; i--)
            {
                End(account.Open[i], OrderState.Ended, "gone with the session", tell: false);
            }

            account.Forget();
        }
    }

    /// <summary>When the newest list of an account's open orders was taken that a process has got; <c>null</c> before the first.</summary>
    public TimeSpan? LastRead(AccountId account) => _read.TryGetValue(account, out var at) ? at : null;

    internal void NoteRead(AccountId account, TimeSpan takenAt) => _read[account] = LastRead(account) is { } last && last > takenAt ? last : takenAt;

    internal void Register(VenueLink link) => _links.Add(link);

    internal void Add(VenueEntry entry)
    {
        _record.Add(entry);
        if (World.Listener is not null)
        {
            World.Note("venue", entry.ToString());
        }
    }

    /// <summary>Whether a fault strikes; then it is in the record.</summary>
    internal bool Strikes(VenueFault fault, AccountId account, SeededRandom random, VenueFaults? faults = null, string? process = null)
    {
        faults ??= Faults;
        if (!random.Chance(faults[fault]))
        {
            return false;
        }

        Met(fault, account, faults, process);
        return true;
    }

    internal void Met(VenueFault fault, AccountId account, VenueFaults faults, string? process)
    {
        faults.Count(fault);
        Add(new(World.Now, VenueEvent.Fault, account, Process: process, Fault: fault));
    }

    /// <summary>The order as it is there now, followed to the last that replaced it; <c>null</c> where it is not found.</summary>
    internal ModelOrder? Look(AccountId account, string clientOrderId)
    {
        var there = Account(account);
        var order = there.FindByClientId(clientOrderId);
        if (order is null || order.VisibleAt > World.Now)
        {
            return null;
        }

        while (order.ReplacedBy is { } next && there.FindByVenueId(next) is { } successor)
        {
            order = successor;
        }

        return order;
    }

    private ModelSymbol Of(Symbol symbol)
    {
        if (!_symbols.TryGetValue(symbol, out var found))
        {
            _symbols[symbol] = found = new(symbol, Settings.StartPrice, World.RandomOf($"price/{symbol}"));
        }

        return found;
    }

    private bool IsClosedFor(ModelSymbol symbol) => !symbol.IsPair && Faults.ClosedUntil > World.Now;

    private void Changed(ModelOrder order)
    {
        order.Touch();
        foreach (var link in _links)
        {
            link.Notify(order);
        }
    }

    private void Write(ModelOrder order, VenueEvent happened, decimal signed, string? process = null, string? why = null, bool late = false) => Add(new(
        World.Now, happened, order.Account.Id, order.ClientOrderId, order.VenueOrderId, order.Symbol.Symbol.Value, signed, process, why, Late: late));
}
