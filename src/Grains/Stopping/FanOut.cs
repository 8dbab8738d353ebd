namespace EmergencyStop.Grains.Stopping;

/// <summary>Bounded fan-out: never more than a window of calls under way, one result per item.</summary>
internal static class FanOut
{
    /// <summary>Calls <paramref name="act"/> for each item, once, and hands back the results in order.</summary>
    /// <remarks>In a grain its continuations are turns; in a background reader they run beside each other.</remarks>
    public static async Task<TResult[]> InWindowsAsync<TItem, TResult>(IReadOnlyList<TItem> items, int window, Func<TItem, Task<TResult>> act)
    {
        var results = new TResult[items.Count];
        var last = -1;

        async Task WorkAsync()
        {
            for (var i = Interlocked.Increment(ref last); i < items.Count; i = Interlocked.Increment(ref last))
            {
                results[i] = await act(items[i]);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Math.Min(window, items.Count)).Select(_ => WorkAsync()));
        return results;
    }
}
