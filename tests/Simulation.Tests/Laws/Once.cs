using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Simulation.Tests.Scenarios;
using EmergencyStop.Simulation.Tests.Venues;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 6: one key, one stop; no order reaches the venue twice; no position is closed twice.</summary>
public sealed class Once(Sight sight) : Witness(sight)
{
    private readonly Dictionary<(AccountId Account, string Symbol), decimal> _positions = [];
    private readonly Dictionary<string, StopId> _byKey = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void Answered(Heard heard)
    {
        if (heard is { Act: Act.Press { Request.IdempotencyKey: { } key } press, Answer: StopAnswer.Engaged { Result.Recorded: true } engaged })
        {
            var name = $"{press.Request.RequestedBy.KeyId}/{key}";
            if (_byKey.TryGetValue(name, out var before) && before != engaged.Stop.Id)
            {
                Sight.Broken(6, $"key {key} was answered with stop {before} and then with stop {engaged.Stop.Id}");
            }

            _byKey[name] = engaged.Stop.Id;
        }
    }

    /// <inheritdoc/>
    public override void Drawn(DrawnNumber number)
    {
        if (number.Kind != NumberKind.Closing || Sight.Store.FindOrder(OrderId.Parse(number.Subject)) is not { } row)
        {
            return;
        }

        foreach (var other in Sight.Store.Orders)
        {
            if (other.Id != row.Id && other.Origin == OrderOrigin.Closing && other.State.IsActive() && other.Account == row.Account && other.Terms.Symbol == row.Terms.Symbol)
            {
                Sight.Broken(6, $"closing order {row.Id} was admitted while closing order {other.Id} of the same position has not ended");
            }
        }
    }

    /// <inheritdoc/>
    public override void Recorded(VenueEntry entry)
    {
        switch (entry.Event)
        {
            case VenueEvent.Duplicate:
                Sight.Broken(6, $"order {entry.ClientOrderId} was sent to the venue twice");
                break;
            case VenueEvent.Accepted:
                OneClosingAtATime(entry);
                break;
            case VenueEvent.Seeded:
                _positions[(entry.Account, entry.Symbol!)] = _positions.GetValueOrDefault((entry.Account, entry.Symbol!)) + entry.Signed; // a position has a symbol
                break;
            case VenueEvent.Filled:
                Traded(entry);
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    public override void Over()
    {
        var keyed = Sight.Store.Stops.Select(s => s.Stop).Where(s => s.Request.IdempotencyKey is not null);
        foreach (var same in keyed.GroupBy(s => (s.Request.RequestedBy.KeyId, s.Request.IdempotencyKey)).Where(g => g.Count() > 1))
        {
            Sight.Broken(6, $"key {same.Key.IdempotencyKey} of {same.Key.KeyId} has made the stops {string.Join(", ", same.Select(s => s.Id))}");
        }
    }

    private void OneClosingAtATime(VenueEntry entry)
    {
        if (Row(entry) is not { Origin: OrderOrigin.Closing } row)
        {
            return;
        }

        foreach (var other in Sight.Venue.Account(entry.Account).Open)
        {
            if (other.ClientOrderId != entry.ClientOrderId && other.Symbol.Symbol == row.Terms.Symbol && Sight.RowOf(other) is { Origin: OrderOrigin.Closing } standing)
            {
                Sight.Broken(6, $"closing order {row.Id} came to the venue while closing order {standing.Id} of the same position is still in force");
            }
        }
    }

    private void Traded(VenueEntry entry)
    {
        var key = (entry.Account, entry.Symbol!); // a fill has a symbol
        var before = _positions.GetValueOrDefault(key);
        _positions[key] = before + entry.Signed;
        if (Math.Sign(before) * Math.Sign(before + entry.Signed) < 0 && Row(entry) is { Origin: OrderOrigin.Closing, Stop: { } stop } row && IsAlone(stop, row))
        {
            Sight.Broken(6, $"closing order {row.Id} of stop {stop} took the position of {entry.Account} in {entry.Symbol} from {before} past zero to {before + entry.Signed}");
        }
    }

    /// <summary>Whether nothing else may have traded between the sizing of the closing order and its fill.</summary>
    private bool IsAlone(StopId id, Order row) => Sight.Store.FindStop(id) is { CarveOuts.IsEmpty: true, Narrowed: null, Release: null, Options.KeepProtective: false } stop
        && stop.Target.Scope != EmergencyStopScope.Strategy
        && !Sight.Plan.Acts.Any(a => a is Act.Foreign foreign && foreign.Terms.User == row.Terms.User || a is Act.PassGate pass && pass.Terms.User == row.Terms.User);

    private Order? Row(VenueEntry entry) => OrderId.TryParse(entry.ClientOrderId, out var id, out _) ? Sight.Store.FindOrder(id) : null;
}
