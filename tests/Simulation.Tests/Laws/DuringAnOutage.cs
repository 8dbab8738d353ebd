using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 10 while the ledger is away: nothing is admitted, a stop says that it is not recorded and that its gate is unproven, and what the venue shows in its scope is cancelled all the same.</summary>
public sealed class DuringAnOutage(Sight sight) : Witness(sight)
{
    /// <summary>So long after its answer a stop has looked at a venue that answers, more than once.</summary>
    private static readonly TimeSpan ByThen = TimeSpan.FromSeconds(3);

    private readonly List<Heard> _braked = [];
    private readonly HashSet<string> _cancelled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _struck = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _heardLedger = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void HeardLedger(string process) => _heardLedger.TryAdd(process, Sight.Now);

    /// <inheritdoc/>
    public override void Asked(string what, string process) => JudgeDue();

    /// <inheritdoc/>
    public override void Recorded(VenueEntry entry)
    {
        switch (entry.Event)
        {
            case VenueEvent.CancelReceived or VenueEvent.MassCancelHit or VenueEvent.MassCancelLeft when entry.VenueOrderId is { } order:
                _cancelled.Add(order);
                break;
            case VenueEvent.Fault:
                _struck[entry.Account.Value] = entry.At;
                break;
            case VenueEvent.Received when !Ids.OrderId.TryParse(entry.ClientOrderId, out var id, out _) || Sight.Store.FindOrder(id) is null:
                Sight.Broken(Sight.IsLedgerDown ? 10 : 1, $"order {entry.ClientOrderId} reached the venue{(Sight.IsLedgerDown ? " while the ledger was down" : string.Empty)} and has never been admitted");
                break;
            default:
                break;
        }

        JudgeDue();
    }

    /// <inheritdoc/>
    public override void Answered(Heard heard)
    {
        switch (heard)
        {
            case { Answer: PlaceAnswer.Admitted { Repeated: false } admitted } when Sight.WasLedgerDownSince(heard.Asked):
                Sight.Broken(10, $"order {admitted.Order.Id} was asked for and admitted while the ledger was down");
                break;
            case { Act: Act.Press, Answer: StopAnswer.Engaged { Result: { Recorded: false } result } engaged }:
                var gate = engaged.Stop.Options.CancelOnly ? GateHold.Open : GateHold.Unproven;
                if (result.Gate != gate || result.Success || result.State == StopState.Completed)
                {
                    Sight.Broken(10, $"stop {engaged.Stop.Id} is not recorded, and its caller was told: gate {result.Gate}, {result.State}{(result.Success ? ", success" : string.Empty)}");
                }

                _braked.Add(heard);
                break;
            default:
                break;
        }

        JudgeDue();
    }

    private void JudgeDue()
    {
        for (var i = _braked.Count - 1; i >= 0; i--)
        {
            if (_braked[i].At is { } at && Sight.Now >= at + ByThen)
            {
                Judge(_braked[i], (StopAnswer.Engaged)_braked[i].Answer!, at); // it was answered so
                _braked.RemoveAt(i);
            }
        }
    }

    /// <summary>Only where the process lived and ran, its memory reached back before the press, and the account's venue answered all the while.</summary>
    private void Judge(Heard heard, StopAnswer.Engaged engaged, TimeSpan answered)
    {
        var press = (Act.Press)heard.Act;
        if (engaged.Stop is not { HoldsLatch: true, Options: { CancelOrders: true, KeepProtective: false } } stop || stop.Target.Scope == EmergencyStopScope.Strategy
            || !(_heardLedger.GetValueOrDefault(heard.Process, TimeSpan.MaxValue) < heard.Asked) || !Sight.HasRun(heard.Process, heard.Asked)
            || NothingStuck.IsRecorded(Sight, engaged.Stop.Id, press))
        {
            return;
        }

        foreach (var order in Sight.OpenOrders())
        {
            var calm = !(_struck.TryGetValue(order.Account.Id.Value, out var struck) && struck >= heard.Asked);
            if (calm && order.VisibleAt < answered && Sight.RowOf(order) is { Origin: OrderOrigin.Placed } row && Sight.DrawnAt(row.Number) < heard.Asked
                && stop.Covers(row.Terms) && !_cancelled.Contains(order.VenueOrderId))
            {
                Sight.Broken(10, $"stop {stop.Id} on {stop.Target} was answered without the ledger at {answered.TotalMilliseconds:F3} ms; since then nobody has tried to cancel order {row.Id}, which the venue shows");
                return;
            }
        }
    }
}
