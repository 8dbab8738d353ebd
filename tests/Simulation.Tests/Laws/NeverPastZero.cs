using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>
/// Law 6 and the exemption of law 1: a closing order is no larger than what the other orders at the venue leave of the
/// position, and an order that says it only reduces finds a position of that size (F18).
/// </summary>
public sealed class NeverPastZero(Sight sight) : Witness(sight)
{
    /// <summary>From the look that sizes a closing order to its row, where nothing is slow.</summary>
    private static readonly TimeSpan Sizing = TimeSpan.FromSeconds(1);

    /// <summary>The same at its slowest: five reads, each with its own patience, and a commit that stalls behind another.</summary>
    private static readonly TimeSpan SlowSizing = TimeSpan.FromSeconds(20);

    /// <summary>What makes a read late.</summary>
    private static readonly VenueFault[] Slow =
    [
        VenueFault.RateLimitWait, VenueFault.SlowConnect, VenueFault.ConnectFailed, VenueFault.SlowRequest, VenueFault.RequestLost, VenueFault.SlowAnswer,
        VenueFault.AnswerLost, VenueFault.AnswerGarbled, VenueFault.Unavailable, VenueFault.RateLimited, VenueFault.Down,
    ];

    private readonly HeldLog _held = new();
    private readonly Dictionary<AccountId, TimeSpan> _struck = [];

    /// <inheritdoc/>
    public override void Recorded(VenueEntry entry)
    {
        _held.Note(entry);
        if (entry is { Event: VenueEvent.Fault, Fault: { } fault } && Array.IndexOf(Slow, fault) >= 0)
        {
            _struck[entry.Account] = entry.At;
        }
    }

    /// <inheritdoc/>
    public override void Admitted(Order order, string process)
    {
        if (!order.Terms.ReduceOnly || AskedAt(order) is not { } asked)
        {
            return;
        }

        var most = _held.Most(order.Account, order.Terms.Symbol, order.Terms.Side == OrderSide.Sell, asked);
        if (most < order.Terms.Quantity)
        {
            Sight.Broken(
                order.Origin == OrderOrigin.PastGate ? 1 : 0,
                $"order {order.Id} to {order.Terms.Side} {order.Terms.Quantity} {order.Terms.Symbol} was admitted{(order.Origin == OrderOrigin.PastGate ? " past the gate" : string.Empty)} as one that only reduces; since it was asked for {order.Account} has had at most {most} to reduce");
        }
    }

    /// <inheritdoc/>
    public override void Drawn(DrawnNumber number)
    {
        if (number.Kind != NumberKind.Closing || Sight.Store.FindOrder(OrderId.Parse(number.Subject)) is not { } closing)
        {
            return;
        }

        var looked = Sight.Now - (IsCalm(closing.Account) ? Sizing : SlowSizing);
        var isLong = closing.Terms.Side == OrderSide.Sell;
        var held = _held.Most(closing.Account, closing.Terms.Symbol, isLong, looked);
        var competing = Competing(closing, looked);
        if (closing.Terms.Quantity > Math.Max(0, held - competing))
        {
            Sight.Broken(6, $"closing order {closing.Id} is to {closing.Terms.Side} {closing.Terms.Quantity} {closing.Terms.Symbol}; {closing.Account} holds {(isLong ? held : -held)}, and other orders at the venue take {competing} of it");
        }
    }

    /// <summary>What orders of the same side that the look must have shown may trade.</summary>
    private decimal Competing(Order closing, TimeSpan looked)
    {
        var competing = 0m;
        foreach (var other in Sight.Venue.Account(closing.Account).Open)
        {
            var row = Sight.RowOf(other);
            if (other.Symbol.Symbol == closing.Terms.Symbol && other.Terms.Side == closing.Terms.Side && other.VisibleAt < looked
                && row?.Origin != OrderOrigin.Closing && !IsKept(closing, row))
            {
                competing += other.Remaining;
            }
        }

        return competing;
    }

    /// <summary>A protective order that the stop keeps guards this very position: one of the two is ended before the other trades.</summary>
    private bool IsKept(Order closing, Order? row) => row?.Terms.Protective == true
        && closing.Stop is { } id && Sight.Store.FindStop(id) is { Options.KeepProtective: true } stop && stop.Covers(row.Terms);

    private bool IsCalm(AccountId account)
    {
        var since = Sight.Now - SlowSizing;
        return !(_struck.TryGetValue(account, out var struck) && struck > since) && !(Sight.LedgerLastStruck > since)
            && !Sight.Plan.Acts.Any(a => a is Act.Freeze or Act.FreezeSender or Act.Cut && a.At > since && a.At <= Sight.Now)
            && !Sight.HasSlowTurns;
    }

    private TimeSpan? AskedAt(Order order)
    {
        foreach (var heard in Sight.Heard)
        {
            var name = heard.Act switch
            {
                Act.Place place => place.Terms.ClientOrderId,
                Act.PassGate pass => pass.Terms.ClientOrderId,
                Act.Replace replace => replace.Name,
                _ => null,
            };
            if (name is not null && name == order.Terms.ClientOrderId)
            {
                return heard.Asked;
            }
        }

        return null;
    }
}
