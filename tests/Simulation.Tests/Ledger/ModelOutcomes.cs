using System.Collections.Immutable;
using System.Runtime.InteropServices;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <summary>The outcomes of one stop, one per item.</summary>
public sealed class ModelOutcomes(StopId stop, List<OutcomeChange> changes)
{
    private readonly Dictionary<(ObligationKind Kind, string Item), Row> _rows = [];
    private ImmutableArray<ItemOutcome> _sorted = [];

    /// <summary>How many are unmet.</summary>
    public int Unmet { get; private set; }

    /// <summary>How many orders were given up.</summary>
    public int WaivedOrders { get; private set; }

    /// <summary>All of them, by kind and item.</summary>
    public ImmutableArray<ItemOutcome> Sorted => _sorted.IsDefault ? _sorted = Sort() : _sorted;

    /// <summary>One, or <c>null</c>.</summary>
    public ItemOutcome? Find(ObligationKind kind, string item) => _rows.TryGetValue((kind, item), out var row) ? row.Outcome : null;

    /// <summary>Since when an item is unmet, or what it was before.</summary>
    public DateTimeOffset? SinceOf(ObligationKind kind, string item) => _rows.TryGetValue((kind, item), out var row) ? row.Since : null;

    /// <summary>Whether an item is met.</summary>
    public bool IsMet(ObligationKind kind, string item) => Find(kind, item) is { } found && found.Outcome.IsMet();

    /// <summary>Whether an order was given up.</summary>
    public bool IsWaived(string order) => WaivedOrders > 0 && Find(ObligationKind.Order, order) is { Outcome: OutcomeKind.Waived };

    internal void Put(ItemOutcome outcome, DateTimeOffset since)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, (outcome.Kind, outcome.Item), out var was);
        if (was)
        {
            Count(row.Outcome, -1);
        }

        changes.Add(new(stop, was ? row.Outcome : null, outcome));
        row = new(outcome, since);
        Count(outcome, 1);
        _sorted = default;
    }

    private void Count(ItemOutcome outcome, int by)
    {
        Unmet += outcome.Outcome.IsMet() ? 0 : by;
        WaivedOrders += outcome is { Kind: ObligationKind.Order, Outcome: OutcomeKind.Waived } ? by : 0;
    }

    private ImmutableArray<ItemOutcome> Sort()
    {
        var all = new ItemOutcome[_rows.Count];
        var at = 0;
        foreach (var row in _rows.Values)
        {
            all[at++] = row.Outcome;
        }

        Array.Sort(all, static (a, b) => a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Item, b.Item));
        return ImmutableCollectionsMarshal.AsImmutableArray(all);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Row(ItemOutcome Outcome, DateTimeOffset Since);
}
