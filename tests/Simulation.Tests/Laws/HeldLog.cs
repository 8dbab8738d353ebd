using EmergencyStop.Ids;
using EmergencyStop.Simulation.Tests.Venues;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>What was held when, by the venue's record.</summary>
public sealed class HeldLog
{
    private readonly Dictionary<(AccountId Account, string Symbol), List<(TimeSpan At, decimal Quantity)>> _held = [];

    /// <summary>Takes a line of the record in.</summary>
    public void Note(VenueEntry entry)
    {
        if (entry.Event is not (VenueEvent.Filled or VenueEvent.Seeded))
        {
            return;
        }

        var key = (entry.Account, entry.Symbol!); // what trades has a symbol
        if (!_held.TryGetValue(key, out var log))
        {
            _held[key] = log = [(TimeSpan.Zero, 0)];
        }

        log.Add((entry.At, log[^1].Quantity + entry.Signed));
    }

    /// <summary>What is held now, signed.</summary>
    public decimal Now(AccountId account, Symbol symbol) => _held.TryGetValue((account, symbol.Value), out var log) ? log[^1].Quantity : 0;

    /// <summary>The most that was held on one side at some time from then on, unsigned.</summary>
    /// <param name="account">In which account.</param>
    /// <param name="symbol">Of what.</param>
    /// <param name="isLong">On which side.</param>
    /// <param name="from">From when on.</param>
    public decimal Most(AccountId account, Symbol symbol, bool isLong, TimeSpan from)
    {
        var most = 0m;
        var log = _held.GetValueOrDefault((account, symbol.Value)) ?? [];
        for (var i = log.Count - 1; i >= 0; i--)
        {
            most = Math.Max(most, isLong ? log[i].Quantity : -log[i].Quantity);
            if (log[i].At < from)
            {
                break; // This is what was held at that time.
            }
        }

        return most;
    }
}
