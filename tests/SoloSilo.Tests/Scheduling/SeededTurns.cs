using Orleans.Solo;

namespace EmergencyStop.SoloSilo.Tests.Scheduling;

/// <summary>Runs one turn at a time on the caller's thread, of an activation that a seed picks.</summary>
internal sealed class SeededTurns(int seed) : ITurnScheduler
{
    private const int MostTurns = 100_000;

    private readonly Random _random = new(seed);
    private readonly List<ITurnQueue> _ready = [];

    public List<string> History { get; } = [];

    public void Schedule(ITurnQueue queue)
    {
        lock (_ready)
        {
            _ready.Add(queue);
        }
    }

    /// <summary>Runs turns until none is left.</summary>
    public void Run()
    {
        for (var turns = 0; Pick() is { } queue; turns++)
        {
            Assert.True(turns < MostTurns, "The turns do not end.");
            History.Add(queue.GrainId.ToString());
            queue.RunTurn();
        }
    }

    private ITurnQueue? Pick()
    {
        lock (_ready)
        {
            if (_ready.Count == 0)
            {
                return null;
            }

            var index = _random.Next(_ready.Count);
            var queue = _ready[index];
            _ready.RemoveAt(index);
            return queue;
        }
    }
}
