using System.Collections.Immutable;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Braking;

/// <summary>What a stop sees without the ledger: the venues, and what memory holds of orders, users and accounts.</summary>
public sealed class BrakeSight(
    IVenue venue, IAccountMap accounts, ILedger ledger, LedgerMirror mirror, TimeProvider time,
    IOptions<OrderOptions> orders, IOptions<BrakeOptions> options)
{
    /// <summary>The venue.</summary>
    public IVenue Venue => venue;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>How orders are cancelled.</summary>
    public OrderOptions Orders => orders.Value;

    /// <summary>What memory knows of by now came before whatever is admitted later.</summary>
    public long LastRemembered => ledger.LastRemembered;

    /// <summary>How often is looked.</summary>
    public BrakeOptions Options => options.Value;

    /// <summary>From the press on, how long an order whose write had begun may still show up.</summary>
    public TimeSpan Settles => Orders.UnclearWait(venue.Description.VisibilityBound);

    /// <summary>The accounts that may hold something in scope.</summary>
    public ImmutableArray<AccountId> AccountsOf(StopTarget target)
    {
        IEnumerable<UserId> users = target.User is { } user ? [user] : [.. ledger.RememberedUsers(target.Strategy)];
        if (target.Scope is EmergencyStopScope.System or EmergencyStopScope.Symbol)
        {
            users = users.Concat(mirror.Users);
        }

        return [.. users.Distinct().Select(u => mirror.AccountOf(u) ?? accounts.AccountOf(u)).Distinct().OrderBy(a => a.Value, StringComparer.Ordinal)];
    }

    /// <summary>What cannot be told apart without memory of the orders, or <c>null</c>.</summary>
    public string? Blind(Stop stop) => ledger.RemembersOrders ? null
        : stop.Target.Scope == EmergencyStopScope.Strategy
            ? "this process started without the ledger and cannot tell which orders are the strategy's: stop its users, its symbols or SYSTEM"
        : stop.HoldsLatch ? null
            : "this process started without the ledger and cannot tell which orders came before: a stop that holds its gate cancels them all";

    /// <summary>Whether an open order of an account in scope is in scope itself.</summary>
    /// <remarks>
    /// An order that memory does not know was placed past the service, or is thought to have ended: it belongs to every scope
    /// but STRATEGY, and only a stop that holds its gate takes it. Closing orders are another stop's, and reduce.
    /// </remarks>
    /// <param name="stop">The stop.</param>
    /// <param name="report">The order, as the venue shows it.</param>
    /// <param name="before">For a stop without a number that holds no gate: only what memory numbers up to this came before it.</param>
    public bool Covers(Stop stop, VenueOrderReport report, long before = long.MaxValue)
    {
        if (stop.Target.Symbol is { } symbol && report.Symbol != symbol)
        {
            return false;
        }

        var known = OrderId.TryParse(report.ClientOrderId, out var id, out _) ? ledger.Recall(id) : null;
        if (Spares(stop, report, known?.Strategy))
        {
            return false;
        }

        return known is null
            ? stop.HoldsLatch && stop.Target.Scope != EmergencyStopScope.Strategy && !MayGuard(stop, report)
            : !known.Closing
                && !(stop.Options.KeepProtective && known.Protective)
                && CameBefore(stop, report, known, before)
                && (stop.Target.Scope != EmergencyStopScope.Strategy || known.Strategy == stop.Target.Strategy);
    }

    /// <summary>Whether the scope is exactly the account, so that all of it may be cancelled in one call (F2).</summary>
    public bool CoversWhole(Stop stop, AccountId account) => stop.CoversWholeBook(accounts.UserOf(account));

    /// <summary>Whether a stop with a number owes an order of that number. One that is not recorded has none: it takes all that it holds its gate on.</summary>
    private bool CameBefore(Stop stop, VenueOrderReport report, RememberedOrder known, long before) => stop.Number == 0
        ? stop.HoldsLatch || known.Number <= before
        : known.Number < stop.Number
        || (known.Adopted && stop.HoldsLatch)
        || stop.CarveOuts.Any(c => known.Number < c.PutBack && c.Target.Covers(TermsOf(report, known.Strategy)));

    private OrderTerms TermsOf(VenueOrderReport report, StrategyId? strategy) =>
        new(accounts.UserOf(report.Account), strategy, report.Symbol, report.Side, report.Quantity, report.Type);

    /// <summary>Whether the order is in a part that was carved out, or that has opened since.</summary>
    private bool Spares(Stop stop, VenueOrderReport report, StrategyId? strategy)
    {
        var terms = TermsOf(report, strategy);
        var carved = stop.CarveOuts.Any(c => c.IsInForce && c.Target.Covers(terms));
        return carved || (stop.Narrowed is { } narrowed && !narrowed.Holds.Any(t => t.Covers(terms)));
    }

    /// <summary>Without memory, an order that waits for a trigger is taken for a protective one.</summary>
    private bool MayGuard(Stop stop, VenueOrderReport report) => !ledger.RemembersOrders && stop.Options.KeepProtective
        && report.Type is (OrderType.Stop or OrderType.StopLimit or OrderType.TrailingStop);
}
