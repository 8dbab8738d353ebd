using System.Collections.Concurrent;
using EmergencyStop.Events;

namespace EmergencyStop.Grains.Tests.Events;

/// <summary>A handler that does with each event what the test says.</summary>
internal sealed class ScriptedHandler(string name, Func<BusEvent, int, CancellationToken, Task>? script = null) : IEventHandler
{
    private readonly ConcurrentDictionary<string, int> _attempts = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>Events that were taken in, in order.</summary>
    public ConcurrentQueue<string> Handled { get; } = new();

    /// <summary>Attempts at all events.</summary>
    public int Attempts => _attempts.Values.Sum();

    public bool Wants(string type) => type != "risk.unwanted";

    public async Task HandleAsync(BusEvent happened, CancellationToken cancellationToken)
    {
        var attempt = _attempts.AddOrUpdate(happened.Id, 1, static (_, n) => n + 1);
        await (script?.Invoke(happened, attempt, cancellationToken) ?? Task.CompletedTask);
        Handled.Enqueue(happened.Id);
    }

    public Task HasAsync(params long[] ids) =>
        EventStage.UntilAsync(() => Task.FromResult(Handled.SequenceEqual(ids.Select(i => $"{i}"), StringComparer.Ordinal)));
}
