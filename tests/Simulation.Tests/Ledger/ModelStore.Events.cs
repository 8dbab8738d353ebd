using EmergencyStop.Ids;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>The outbox: an event stands and falls with the transaction that it is about.</content>
public sealed partial class ModelStore
{
    private readonly List<LedgerEvent> _events = []; // The one of id 1 is the first.
    private TaskCompletionSource? _nextEvent;
    private int _sealedEvents;
    private int _firstEvent; // Those before it are pruned.
    private int _published;

    /// <summary>The newest id; 0 where there was none yet.</summary>
    public long LastEvent => _sealedEvents;

    /// <summary>Every event there was; pruned ones too.</summary>
    public IReadOnlyList<LedgerEvent> Events => _events;

    /// <summary>Done with the next commit that brings an event.</summary>
    public Task NextEvent => (_nextEvent ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>A page of events after an id.</summary>
    public EventPage EventsAfter(EventQuery query)
    {
        var (found, through, looked) = (new List<StoredEvent>(), query.After, 0);
        for (var i = Math.Max(_firstEvent, query.After); i < LastEvent; i++)
        {
            through = i + 1;
            if (query.Matches(_events[(int)i]))
            {
                found.Add(new(through, _events[(int)i]));
            }

            if (++looked >= EventRows.MostLookedAt || found.Count >= EventRows.MostOfAPage)
            {
                break;
            }
        }

        return new([.. found], through, _firstEvent + 1, LastEvent);
    }

    /// <summary>Records one event of its own.</summary>
    public long AppendEvent(LedgerEvent happened)
    {
        Publish(happened);
        return _events.Count;
    }

    /// <summary>Drops what is old, but never the last.</summary>
    /// <returns>Whether more is to be dropped.</returns>
    public bool PruneEvents(DateTimeOffset before, long most)
    {
        var had = _consumers.Values.Where(c => c.HeldUntil >= Values.Stored(before)).Select(c => (long?)c.Position).Min() ?? long.MaxValue;
        var dropped = 0;
        while (dropped < EventRows.MostDropped && _firstEvent + 1 < LastEvent
            && ((_events[_firstEvent].At < Values.Stored(before) && _firstEvent + 1 <= had) || _firstEvent + 1 <= LastEvent - most))
        {
            _firstEvent++;
            dropped++;
        }

        return dropped == EventRows.MostDropped;
    }

    private void Publish(LedgerEvent happened)
    {
        if (!Has(LedgerBug.EventForgotten) || ++_published % 8 != 0)
        {
            _events.Add(happened with { At = Values.Stored(happened.At) });
        }
    }

    private void PublishGate(GateView before, Stop stop, IEnumerable<StopTarget> touched, long number, DateTimeOffset at)
    {
        if (!keepsWords)
        {
            return;
        }

        foreach (var happened in GateEvents.Between(before, _view, stop, touched, number, at, OwnerOf))
        {
            Publish(happened);
        }
    }

    private void PublishDebt(Stop stop, OutcomeKind? was, ItemOutcome now)
    {
        if (keepsWords && ObligationEvents.Between(stop, was, now, OwnerOf) is { } happened)
        {
            Publish(happened);
        }
    }

    private UserId? OwnerOf(ItemOutcome item) => item.Kind switch
    {
        ObligationKind.Order => OrderId.TryParse(item.Item, out var id, out _) ? FindOrder(id)?.Terms.User : null,
        ObligationKind.Strategy => StrategyId.TryParse(item.Item, out var id, out _) ? OwnerOf(id) : null,
        _ => null,
    };

    private void SealEvents()
    {
        if (_events.Count > _sealedEvents)
        {
            _sealedEvents = _events.Count;
            var waiting = _nextEvent;
            _nextEvent = null;
            waiting?.TrySetResult();
        }
    }
}
