using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>What an outside observer sees: requests and answers, what reached the venue, and what the ledger holds.</summary>
public sealed class Sight(Plan plan, Stage stage, Cast cast)
{
    private readonly List<Violation> _violations = [];
    private readonly List<TimeSpan> _drawn = [];
    private readonly HashSet<string> _late = new(StringComparer.Ordinal);

    public Plan Plan => plan;

    public ModelStore Store => stage.Store;

    public ModelVenue Venue => stage.Venue;

    public IReadOnlyList<Heard> Heard => cast.Heard;

    /// <summary>What was to stop something, oldest first: few of the many that were asked.</summary>
    public IReadOnlyList<Heard> Presses => cast.Presses;

    public TimeSpan Now => stage.World.Now;

    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>When a number was drawn.</summary>
    public TimeSpan DrawnAt(long number) => number >= 1 && number <= _drawn.Count ? _drawn[(int)number - 1] : TimeSpan.Zero;

    /// <summary>Notes when the numbers of the last commit were drawn.</summary>
    public void NoteNumbers()
    {
        while (_drawn.Count < Store.Numbers.Count)
        {
            _drawn.Add(Now);
        }
    }

    /// <summary>Notes an order whose bytes left after its window, of a sender that was frozen in the act: nobody can know, and the watch finds it.</summary>
    public void Note(VenueEntry entry)
    {
        if (entry is { Late: true, ClientOrderId: { } late })
        {
            _late.Add(late);
        }
    }

    /// <summary>Whether an order's bytes left after its window.</summary>
    public bool IsLate(string? clientOrderId) => clientOrderId is not null && _late.Contains(clientOrderId);

    /// <summary>How long after the press positions are closed without asking again.</summary>
    public TimeSpan CloseWithin => stage.Settings.Braking.Value.CloseWithin;

    /// <summary>Whether nobody could know better than that an order never left: its bytes did after its window, and it was inferred from what the venue showed, not attested by its sender.</summary>
    public bool IsExcused(Order row) => row.State == OrderState.NeverSent && IsLate(row.Id.Value) && OrderEvidence.IsInferred(row);

    /// <summary>Whether the ledger cannot be used.</summary>
    public bool IsLedgerDown => stage.Lane.IsDown;

    /// <summary>When a commit was last refused, lost its answer or stalled.</summary>
    public TimeSpan? LedgerLastStruck => stage.Lane.LastStruck;

    /// <summary>How long a commit, and the one behind it, may stall; <c>null</c> where none does.</summary>
    public TimeSpan? Stalls => plan.Rates.Each.Any(r => r.Fault == "commit stalls") ? stage.Lane.Faults.LongestStall * 2 : null;

    /// <summary>Whether an activation was collected, with what it could not tell.</summary>
    public bool WasAnyCollected => stage.Cluster.Collections > 0;

    /// <summary>Whether turns of grains may be late.</summary>
    public bool HasSlowTurns => stage.Rates.SlowTurn > 0;

    /// <summary>Whether the ledger could not be used at any time since.</summary>
    public bool WasLedgerDownSince(TimeSpan since) => stage.Lane.IsDown && stage.Lane.DownSince <= since;

    /// <summary>Whether a process lives and has run without a standstill since.</summary>
    public bool HasRun(string process, TimeSpan since) => stage.Running.Any(s => s.Process.Name == process && s.Process.FrozenUntil <= since);

    /// <summary>Whether some process does not run for a while yet.</summary>
    public bool IsAnyoneFrozen => stage.Running.Any(s => s.Process.FrozenUntil > Now);

    public void Broken(int law, string what)
    {
        var violation = new Violation(law, Now, what);
        _violations.Add(violation);
        stage.World.Note("LAW", violation.ToString());
    }

    /// <summary>The order as the venue truly has it, however it came there.</summary>
    public ModelOrder? AtVenue(Order row)
    {
        var account = Venue.Account(row.Account);
        return account.FindByClientId(row.Id.Value) ?? (row.VenueOrderId is { } id ? account.FindByVenueId(id) : null);
    }

    /// <summary>The ledger's row of an order at the venue.</summary>
    public Order? RowOf(ModelOrder order)
    {
        if (OrderId.TryParse(order.ClientOrderId, out var id, out _) && Store.FindOrder(id) is { } row)
        {
            return row;
        }

        return order.IsForeign ? Adopted(order) : null;
    }

    /// <summary>The terms by which the scope of an order at the venue is judged.</summary>
    public OrderTerms TermsOf(ModelOrder order) => RowOf(order)?.Terms ?? new OrderTerms(
        UserId.Parse(order.Account.Id.Value), null, order.Symbol.Symbol, order.Terms.Side, order.Terms.Quantity, order.Terms.Type);

    /// <summary>Whether the stop has to bring an order that is open at the venue to its end.</summary>
    public bool Owes(Stop stop, ModelOrder order)
    {
        if (!stop.Options.CancelOrders)
        {
            return false;
        }

        return RowOf(order) switch
        {
            { } given when IsWaived(stop, given) => false,

            // It was booked as ended before the stop came, and turned up when no gate was held any more: nobody has promised its end.
            { } late when IsLate(late.Id.Value) && !stop.HoldsLatch && Store.RowOf(stop.Id)?.Outcomes.Find(ObligationKind.Order, late.Id.Value) is null => false,
            null => stop.HoldsLatch && stop.Refuses(TermsOf(order)) && stop.Target.Scope != EmergencyStopScope.Strategy,
            { Origin: OrderOrigin.Closing } => false,
            { Origin: OrderOrigin.Adopted } row => row.Stop == stop.Id,
            { Terms.Protective: true } when stop.Options.KeepProtective => false,
            var row => stop.Owes(row),
        };
    }

    /// <summary>Every order that is open at the venue.</summary>
    public IEnumerable<ModelOrder> OpenOrders()
    {
        foreach (var account in Venue.Accounts)
        {
            for (var i = 0; i < account.Open.Count; i++)
            {
                yield return account.Open[i];
            }
        }
    }

    private bool IsWaived(Stop stop, Order row) => Store.RowOf(stop.Id)?.Outcomes.IsWaived(row.Id.Value) == true;

    private Order? Adopted(ModelOrder order)
    {
        foreach (var row in Store.Orders)
        {
            if (row.Origin == OrderOrigin.Adopted && row.VenueOrderId == order.VenueOrderId && row.Account == order.Account.Id)
            {
                return row;
            }
        }

        return null;
    }
}
