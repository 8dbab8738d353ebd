using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>Decides when and on which thread the turns of activations run.</summary>
/// <remarks>The default is the thread pool. A seeded one in its place decides every interleaving.</remarks>
public interface ITurnScheduler
{
    /// <summary>Takes a queue that has turns to run.</summary>
    /// <remarks>
    /// Called from any thread, once per queue until it has been run. The scheduler then calls, once and not from
    /// within this method, either <see cref="IThreadPoolWorkItem.Execute"/> (a bounded slice of turns) or
    /// <see cref="ITurnQueue.RunTurn"/> (one turn). If turns are left then, the queue schedules itself again.
    /// </remarks>
    void Schedule(ITurnQueue queue);
}

/// <summary>The turns of one activation, of which one runs at a time.</summary>
public interface ITurnQueue : IThreadPoolWorkItem
{
    /// <summary>Which grain.</summary>
    GrainId GrainId { get; }

    /// <summary>Runs the first turn that waits.</summary>
    void RunTurn();
}

/// <summary>Runs turns on the thread pool of the process.</summary>
public sealed class ThreadPoolTurnScheduler : ITurnScheduler
{
    /// <inheritdoc />
    public void Schedule(ITurnQueue queue) => ThreadPool.UnsafeQueueUserWorkItem(queue, preferLocal: true);
}
