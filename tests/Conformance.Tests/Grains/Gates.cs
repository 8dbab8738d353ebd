using System.Collections.Concurrent;

namespace EmergencyStop.Conformance.Tests.Grains;

/// <summary>Lets a test hold a grain at a named point, and see that it got there. Both run in one process.</summary>
public static class Gates
{
    private static readonly ConcurrentDictionary<string, Gate> All = new(StringComparer.Ordinal);

    public static Gate Of(string name) => All.GetOrAdd(name, _ => new Gate());
}

/// <summary>A point that a grain waits at until a test opens it.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reached;

    /// <summary>How many came to it.</summary>
    public int Reached => Volatile.Read(ref _reached);

    public Task PassAsync()
    {
        Interlocked.Increment(ref _reached);
        return _opened.Task;
    }

    public void Open() => _opened.TrySetResult();
}

/// <summary>What grains of the suite noted, by key.</summary>
public static class Notes
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> All = new(StringComparer.Ordinal);

    public static void Add(string key, string note) => All.GetOrAdd(key, _ => new()).Enqueue(note);

    public static bool Has(string key, string note) => Of(key).Contains(note, StringComparer.Ordinal);

    public static IReadOnlyList<string> Of(string key) => All.TryGetValue(key, out var notes) ? [.. notes] : [];
}

/// <summary>A service that grains are given.</summary>
public sealed class Greeting
{
    public string Text { get; } = "hello";
}
