using Orleans;

namespace EmergencyStop.Conformance.Tests.Hosting;

/// <summary>One silo of the runtime that the build chose, with what the suite's grains need.</summary>
public sealed partial class Cluster : IAsyncLifetime
{
    /// <summary>The store the suite's grains name.</summary>
    public const string Store = "conformance";

    /// <summary>How often idle activations are looked for; <c>[CollectionAgeLimit]</c>s of the suite are a little longer.</summary>
    public static readonly TimeSpan CollectionQuantum = TimeSpan.FromSeconds(1);

    /// <summary>The longest any wait of the suite may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The way to the grains.</summary>
    public IGrainFactory Grains { get; private set; } = null!; // set by InitializeAsync

    /// <summary>A key no other test uses.</summary>
    public static string NewKey() => Guid.NewGuid().ToString("N");

    /// <summary>Waits, bounded, until <paramref name="condition"/> holds.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"Did not come to pass within {Patience}: {what}");
            await Task.Delay(10);
        }
    }

    /// <summary>Waits, bounded, until <paramref name="condition"/> holds.</summary>
    public static Task EventuallyAsync(Func<bool> condition, string what) => EventuallyAsync(() => Task.FromResult(condition()), what);
}

/// <summary>All tests share one silo, as starting one takes seconds on Orleans.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<Cluster>
{
    public const string Name = "cluster";
}
