namespace EmergencyStop.Grains.Stopping;

/// <summary>Bounded fan-out: never more than a window of calls under way, one result per item.</summary>
internal static class FanOut
{
    /// <summary>Calls <paramref name="act"/> for each item and hands back the results in order.</summary>
    public static async Task<TResult[]> InWindowsAsync<TItem, TResult>(IReadOnlyList<TItem> items, int window, Func<TItem, Task<TResult>> act)
    {
        var results = new TResult[items.Count];
        var next = 0;

        async Task WorkAsync()
        {
            while (next < items.Count)
            {
                var i = next++;
                results[i] = await act(items[i]);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Math.Min(window, items.Count)).Select(_ => WorkAsync()));
        return results;
    }
}
