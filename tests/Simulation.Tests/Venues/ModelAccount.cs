using System.Diagnostics.CodeAnalysis;
using EmergencyStop.Ids;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>An account at the model venue: its orders and positions.</summary>
public sealed class ModelAccount(AccountId id, SeededRandom random)
{
    private readonly Dictionary<string, ModelOrder> _byClientId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelOrder> _byVenueId = new(StringComparer.Ordinal);
    private readonly List<ModelOrder> _all = [];
    private readonly List<ModelOrder> _open = [];
    private readonly List<ModelPosition> _positions = [];

    public AccountId Id { get; } = id;

    /// <summary>Every order it ever had, in the order of acceptance.</summary>
    public IReadOnlyList<ModelOrder> Orders => _all;

    /// <summary>Those that may still trade; an order that ends changes their order.</summary>
    public IReadOnlyList<ModelOrder> Open => _open;

    /// <summary>Every position it ever had, flat ones too.</summary>
    public IReadOnlyList<ModelPosition> Positions => _positions;

    internal SeededRandom Random { get; } = random;

    internal int Made { get; private set; }

    /// <summary>The signed position in a symbol.</summary>
    public decimal PositionIn(Symbol symbol) => Find(symbol)?.Quantity ?? 0;

    public ModelOrder? FindByClientId(string clientOrderId) => _byClientId.GetValueOrDefault(clientOrderId);

    public ModelOrder? FindByVenueId(string venueOrderId) => _byVenueId.GetValueOrDefault(venueOrderId);

    internal string NextVenueId() => $"{Id}-{++Made}";

    internal void Add(ModelOrder order)
    {
        _byClientId[order.ClientOrderId] = order;
        _byVenueId[order.VenueOrderId] = order;
        _all.Add(order);
        order.OpenPlace = _open.Count;
        _open.Add(order);
    }

    /// <summary>Takes an ended order off the list; the last takes its place.</summary>
    internal void Close(ModelOrder order)
    {
        var last = _open[^1];
        _open[order.OpenPlace] = last;
        last.OpenPlace = order.OpenPlace;
        _open.RemoveAt(_open.Count - 1);
        order.OpenPlace = -1;
    }

    /// <summary>Knows none of its orders any more.</summary>
    internal void Forget()
    {
        _byClientId.Clear();
        _byVenueId.Clear();
    }

    internal ModelPosition PositionOf(ModelSymbol symbol)
    {
        if (Find(symbol.Symbol) is { } held)
        {
            return held;
        }

        var position = new ModelPosition(symbol);
        _positions.Add(position);
        return position;
    }

    private ModelPosition? Find(Symbol symbol)
    {
        foreach (var position in _positions)
        {
            if (position.Symbol.Symbol == symbol)
            {
                return position;
            }
        }

        return null;
    }
}

/// <summary>A signed position.</summary>
public sealed class ModelPosition(ModelSymbol symbol)
{
    public ModelSymbol Symbol { get; } = symbol;

    public decimal Quantity { get; internal set; }

    public decimal AveragePrice { get; internal set; }
}

/// <summary>A symbol with its price, a random walk that is moved only when somebody looks.</summary>
[SuppressMessage("Naming", "CA1724:Type names should not match namespaces", Justification = "There is no such namespace.")]
public sealed class ModelSymbol(Symbol symbol, decimal start, SeededRandom random)
{
    private const double StepShare = 0.004;
    private const int MostSteps = 25;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private double _price = (double)start;
    private TimeSpan _movedAt;

    public Symbol Symbol { get; } = symbol;

    /// <summary>Pairs of currencies trade around the clock.</summary>
    public bool IsPair { get; } = symbol.Pair is not null;

    public decimal PriceAt(TimeSpan now)
    {
        var steps = (int)Math.Min(MostSteps, (now - _movedAt) / Step);
        if (steps > 0)
        {
            _movedAt = now;
            _price = Math.Max(1, _price * (1 + ((random.NextDouble() - 0.5) * StepShare * Math.Sqrt(steps))));
        }

        return Math.Round((decimal)_price, 2);
    }
}
