using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>The positions as fills attributed them; a flat one has no row.</content>
public sealed partial class ModelStore
{
    private readonly Dictionary<(AccountId Account, Symbol Symbol, StrategyId? Strategy, UserId User), decimal> _positions = [];

    /// <summary>Positions by user, account, symbol and strategy.</summary>
    public ImmutableArray<AttributedPosition> Positions(UserId? user, StrategyId? strategy, Symbol? symbol)
    {
        var found = new List<AttributedPosition>();
        foreach (var (at, quantity) in _positions)
        {
            if ((user is null || at.User == user) && (strategy is null || at.Strategy == strategy) && (symbol is null || at.Symbol == symbol))
            {
                found.Add(new(at.Account, at.User, at.Strategy, at.Symbol, quantity));
            }
        }

        found.Sort(static (a, b) =>
            string.CompareOrdinal(a.User.Value, b.User.Value) is not 0 and var user ? user
            : string.CompareOrdinal(a.Account.Value, b.Account.Value) is not 0 and var account ? account
            : string.CompareOrdinal(a.Symbol.Value, b.Symbol.Value) is not 0 and var symbol ? symbol
            : string.CompareOrdinal(a.Strategy?.Value ?? string.Empty, b.Strategy?.Value ?? string.Empty));
        return [.. found];
    }

    /// <summary>Positions that a stop has left without any protective order, as <c>account/symbol</c>.</summary>
    public ImmutableArray<string> Unprotected(StopId stop)
    {
        var left = new SortedDictionary<string, (Symbol Symbol, AccountId Account)>(StringComparer.Ordinal);
        foreach (var outcome in OutcomesOf(stop))
        {
            if (outcome is { Kind: ObligationKind.Order, Outcome: OutcomeKind.Cancelled or OutcomeKind.NeverSent }
                && _orderPlaces.TryGetValue(outcome.Item, out var place) && _orders[place] is { Terms.Protective: true } order)
            {
                left[$"{order.Account}/{order.Terms.Symbol}"] = (order.Terms.Symbol, order.Account);
            }
        }

        return [.. left.Where(p => Held(p.Value) != 0 && !IsGuarded(p.Value)).Select(p => p.Key)];
    }

    private decimal Held((Symbol Symbol, AccountId Account) position)
    {
        var held = 0m;
        foreach (var (at, quantity) in _positions)
        {
            held += at.Account == position.Account && at.Symbol == position.Symbol ? quantity : 0;
        }

        return held;
    }

    private bool IsGuarded((Symbol Symbol, AccountId Account) position) =>
        ActiveOrders(StopTarget.Of(position.Symbol)).Any(o => o.Terms.Protective && o.Account == position.Account);

    /// <summary>Adds what an order has traded since to the positions it belongs to.</summary>
    private void Attribute(Order before, Order after)
    {
        if (after.FilledQuantity == before.FilledQuantity)
        {
            return;
        }

        // A replacement's fills include those of the order in whose place it is: what either row counts already is not counted twice.
        var traded = after.FilledQuantity - Math.Max(before.FilledQuantity, FilledElsewhere(after));
        if (traded <= 0)
        {
            return;
        }

        var signed = after.Terms.Side == OrderSide.Buy ? traded : -traded;
        foreach (var (strategy, share) in FillAttribution.Shares(after, signed, Holders(after)))
        {
            Add((after.Account, after.Terms.Symbol, strategy, after.Terms.User), share);
        }
    }

    /// <summary>The strategies whose positions a closing order that is nobody's alone may close.</summary>
    private List<(StrategyId Strategy, decimal Quantity)> Holders(Order order)
    {
        var holders = new List<(StrategyId Strategy, decimal Quantity)>();
        if (order.Origin != OrderOrigin.Closing || order.Terms.Strategy is not null)
        {
            return holders;
        }

        foreach (var (at, quantity) in _positions)
        {
            if (at.Strategy is { } strategy && at.Account == order.Account && at.Symbol == order.Terms.Symbol && at.User == order.Terms.User)
            {
                holders.Add((strategy, quantity));
            }
        }

        if (order.Stop is { } id && FindStop(id) is { CarveOuts.IsEmpty: false } stop)
        {
            // What was carved out when the order was sent was left alone by it.
            holders.RemoveAll(h => stop.CarveOuts.Any(c => c.Target.Strategy == h.Strategy && c.Number < order.Number && !(c.PutBack < order.Number)));
        }

        return holders;
    }

    private void Add((AccountId Account, Symbol Symbol, StrategyId? Strategy, UserId User) at, decimal signed)
    {
        var quantity = _positions.GetValueOrDefault(at) + signed;
        if (quantity == 0)
        {
            _positions.Remove(at);
        }
        else
        {
            _positions[at] = quantity;
        }
    }
}
