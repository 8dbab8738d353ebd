using EmergencyStop.Stopping;
using Orleans;

namespace EmergencyStop.Grains.Stopping;

/// <summary>The coordinator's persisted grain state: written after the ledger, rebuilt from it.</summary>
[GenerateSerializer, Alias("coordinator-state")]
public sealed class CoordinatorState
{
    /// <summary>How many stops are remembered.</summary>
    public const int Most = 20;

    /// <summary>The last stops on the target, newest first.</summary>
    [Id(0)]
    public List<RememberedStop> Stops { get; set; } = [];

    /// <summary>Puts a stop first, in place of what was known of it.</summary>
    public void Remember(RememberedStop stop)
    {
        Stops.RemoveAll(s => s.Stop == stop.Stop);
        Stops.Add(stop);
        Stops.Sort((a, b) => b.Number.CompareTo(a.Number));
        if (Stops.Count > Most)
        {
            Stops.RemoveRange(Most, Stops.Count - Most);
        }
    }
}
