using Orleans;

namespace EmergencyStop.Conformance.Tests.Grains;

/// <summary>What an ordinary async local holds; it must not travel with calls.</summary>
public static class Ambient
{
    public static readonly AsyncLocal<string?> Value = new();
}

[Alias("conformance-ambient")]
public interface IAmbient : IGrainWithStringKey
{
    [Alias("ambient")]
    Task<string?> AmbientAsync();
}

public sealed class AmbientGrain : Grain, IAmbient
{
    public Task<string?> AmbientAsync() => Task.FromResult(Ambient.Value.Value);
}
