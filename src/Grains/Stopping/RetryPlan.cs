namespace EmergencyStop.Grains.Stopping;

/// <summary>When a stop's next pass begins. Pure.</summary>
public static class RetryPlan
{
    /// <summary>The backoff, unless a time that an obligation names comes first, or every obligation names a later one.</summary>
    /// <param name="nextTries">Of each unmet obligation: when it is worth trying, or <c>null</c>.</param>
    /// <param name="now">The time.</param>
    /// <param name="backoff">How long to wait otherwise.</param>
    /// <param name="longest">The longest wait for a named time: a market may open earlier than announced.</param>
    public static TimeSpan Wait(IReadOnlyCollection<DateTimeOffset?> nextTries, DateTimeOffset now, TimeSpan backoff, TimeSpan longest)
    {
        var waits = nextTries.Where(t => t > now).Select(t => t!.Value - now).ToArray(); // t > now says that there is one.
        if (waits.Length == 0)
        {
            return backoff;
        }

        var earliest = waits.Min();
        var all = waits.Length == nextTries.Count;
        return earliest < backoff ? earliest : all ? earliest < longest ? earliest : longest : backoff;
    }
}
