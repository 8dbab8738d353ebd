using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Grains.Closing;

/// <summary>What the next closing order of one symbol is to be. Pure.</summary>
public abstract record ClosingPlan
{
    private ClosingPlan()
    {
    }

    /// <summary>Nothing is left: no position, nothing working, nothing in flight (F5).</summary>
    public sealed record Flat : ClosingPlan;

    /// <summary>Send this much.</summary>
    /// <param name="Signed">Signed quantity; opposite to the position.</param>
    public sealed record Trade(decimal Signed) : ClosingPlan;

    /// <summary>Nothing may be sent now.</summary>
    /// <param name="Phase">Why, as a word.</param>
    /// <param name="Why">Why, in a sentence.</param>
    /// <param name="MayResolve">Whether waiting may change it: then the outcome is unknown, otherwise failed.</param>
    public sealed record Blocked(string Phase, string Why, bool MayResolve) : ClosingPlan;

    /// <summary>Decides.</summary>
    /// <param name="position">The account's signed position at the venue.</param>
    /// <param name="attributed">For a STRATEGY stop: the strategy's signed part; otherwise <c>null</c>, and all of it is closed.</param>
    /// <param name="inScope">Signed remaining quantities of working orders in the stop's scope, kept protective ones left out.</param>
    /// <param name="others">The same of working orders outside the scope.</param>
    public static ClosingPlan Of(decimal position, decimal? attributed, IReadOnlyCollection<decimal> inScope, IReadOnlyCollection<decimal> others)
    {
        if (inScope.Count > 0)
        {
            return new Blocked("working", $"{inScope.Count} orders in scope are still working at the venue", MayResolve: true);
        }

        var (wanted, netted) = attributed is { } part ? Exposure.StrategyShare(position, part) : (-position, 0);
        if (wanted == 0)
        {
            return netted == 0
                ? new Flat()
                : new Blocked("netted", $"{netted} is netted out by other strategies in the account", MayResolve: false);
        }

        var size = Exposure.Reducible(position, wanted, others);
        return size == 0
            ? new Blocked("in_flight", "other working orders could already take the position to zero", MayResolve: false)
            : new Trade(Math.Sign(wanted) * size);
    }

    /// <summary>The terms of a closing order: reduce-only, with a price collar.</summary>
    /// <param name="user">Whose position it is.</param>
    /// <param name="strategy">For a STRATEGY stop: to whom its fills are attributed.</param>
    /// <param name="symbol">The symbol.</param>
    /// <param name="signed">Signed quantity.</param>
    /// <param name="price">The last price.</param>
    /// <param name="collarPercent">How far from it the order may trade.</param>
    public static OrderTerms Terms(UserId user, StrategyId? strategy, Symbol symbol, decimal signed, decimal price, double collarPercent)
    {
        var quantity = Math.Abs(signed);
        var collar = (decimal)collarPercent / 100m;
        var limit = signed > 0 ? price * (1 + collar) : price * (1 - collar);

        // Prices from 1 on are quoted in cents, below in hundredths of a cent (SEC Rule 612); a fraction of a share
        // is taken for the day only.
        var rounded = Math.Round(limit, limit >= 1 ? 2 : 4, signed > 0 ? MidpointRounding.ToPositiveInfinity : MidpointRounding.ToZero);
        var whole = decimal.Truncate(quantity) == quantity || symbol.Pair is not null;
        return new(
            user, strategy, symbol, signed > 0 ? OrderSide.Buy : OrderSide.Sell, quantity, OrderType.Limit, rounded,
            TimeInForce: whole ? TimeInForce.Ioc : TimeInForce.Day, ReduceOnly: true);
    }
}
