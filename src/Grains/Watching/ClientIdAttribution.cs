using EmergencyStop.Ids;

namespace EmergencyStop.Grains.Watching;

/// <summary>Whose order it is, by the beginning of its client order id, in accounts where other programs place orders. Pure.</summary>
public static class ClientIdAttribution
{
    /// <summary>The strategy with the longest beginning that fits: a configured prefix, or the strategy's id and a hyphen.</summary>
    /// <param name="clientOrderId">The client order id as the venue shows it.</param>
    /// <param name="strategies">The strategies it may belong to.</param>
    /// <param name="prefixes">Configured beginnings, and whose they are.</param>
    /// <returns><c>null</c> when none fits: then it is nobody's order by name.</returns>
    public static StrategyId? StrategyOf(
        string clientOrderId, IEnumerable<StrategyId> strategies, IEnumerable<KeyValuePair<string, StrategyId>> prefixes)
    {
        var longest = 0;
        StrategyId? found = null;
        foreach (var (prefix, strategy) in prefixes.Concat(strategies.Select(s => KeyValuePair.Create($"{s.Value}-", s))))
        {
            if (prefix.Length > longest && clientOrderId.StartsWith(prefix, StringComparison.Ordinal))
            {
                (longest, found) = (prefix.Length, strategy);
            }
        }

        return found;
    }
}
