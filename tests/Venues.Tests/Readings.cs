namespace EmergencyStop.Venues.Tests;

/// <summary>Shared words of the tests.</summary>
internal static class Readings
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public static T Value<T>(Reading<T> reading) => Assert.IsType<Reading<T>.Value>(reading).Is;

    /// <summary>Waits until a fact holds that another process or thread brings about.</summary>
    public static async Task Until(Func<bool> fact)
    {
        using var end = new CancellationTokenSource(Longest);
        while (!fact())
        {
            await Task.Delay(10, end.Token);
        }
    }
}
