using System.Collections.Immutable;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Those to whom events are delivered, and what they could not take in.</content>
public sealed partial class ModelStore
{
    private readonly SortedDictionary<string, EventConsumer> _consumers = new(StringComparer.Ordinal);
    private readonly List<EventSetAside> _setAside = []; // The one of number 1 is the first.

    /// <summary>The consumers, by name.</summary>
    public ImmutableArray<EventConsumer> Consumers => [.. _consumers.Values];

    /// <summary>How many wait for a person.</summary>
    public long SetAsideWaiting => _setAside.Count(s => s.State == SetAsideState.Waiting);

    /// <summary>Takes or keeps a consumer.</summary>
    public long? HoldConsumer(string name, string holder, DateTimeOffset now, DateTimeOffset until)
    {
        if (_consumers.TryGetValue(name, out var found) && found.Holder != holder && found.HeldUntil > now)
        {
            return null;
        }

        var position = found?.Position ?? LastEvent;
        _consumers[name] = new(name, position, holder, Values.Stored(until));
        return position;
    }

    /// <summary>Keeps a position, and what was set aside on the way to it.</summary>
    public bool AdvanceConsumer(ConsumerAdvance advance)
    {
        if (!_consumers.TryGetValue(advance.Consumer, out var found) || found.Holder != advance.Holder)
        {
            return false;
        }

        _consumers[advance.Consumer] = found with { Position = advance.Position };
        foreach (var one in advance.SetAside)
        {
            SetAside(one);
        }

        return true;
    }

    /// <summary>Sets one aside.</summary>
    public bool SetAside(EventSetAside one)
    {
        _setAside.Add(one with
        {
            Number = _setAside.Count + 1,
            Time = Values.Stored(one.Time),
            At = Values.Stored(one.At),
            State = SetAsideState.Waiting,
            SettledBy = null,
            SettledAt = null,
            Reason = null,
        });
        return true;
    }

    /// <summary>A page of those that are set aside, latest first.</summary>
    public Page<EventSetAside> SetAsidePage(SetAsideQuery query, long before)
    {
        var rows = _setAside.Where(s => s.Number < before && (query.Consumer ?? s.Consumer) == s.Consumer && (query.State ?? s.State) == s.State)
            .Reverse().Take(query.Limit + 1).ToArray();
        return rows.Length > query.Limit ? new([.. rows[..^1]], Cursor.Of(rows[^2].Number)) : new([.. rows], null);
    }

    /// <summary>Changes the state of one.</summary>
    public EventSetAside? SettleSetAside(SetAsideChange change)
    {
        var place = (int)Math.Clamp(change.Number - 1, -1, _setAside.Count);
        if (place < 0 || place == _setAside.Count || !change.LeadsFrom(_setAside[place]))
        {
            return null;
        }

        var before = _setAside[place];
        var after = change.Over(before);
        _setAside[place] = after with { SettledAt = Values.Time(Values.Micros(after.SettledAt)) };
        if (SetAsideAudit.Of(before, change) is { } entry)
        {
            AppendAudit(entry);
        }

        return _setAside[place];
    }
}
