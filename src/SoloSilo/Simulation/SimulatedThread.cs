namespace Orleans.Solo.Simulation;

/// <summary>Runs a history on the thread pool of a program that has one pool thread.</summary>
/// <remarks>
/// What code leaves to the pool (continuations that may not run inline, tasks of the default scheduler) runs there before
/// the next step, in an order that is always the same, since there is one thread and its queue: with two, the pool would
/// decide instead of the seed. So the program is started with <see cref="Setting"/> set to 1.
/// </remarks>
public sealed class SimulatedThread : IThreadPoolWorkItem
{
    /// <summary>The environment variable of .NET's runtime that bounds the pool.</summary>
    public const string Setting = "DOTNET_ThreadPool_ForceMaxWorkerThreads";

    private readonly SimulatedWorld _world;
    private readonly Func<bool> _goesOn;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SimulatedThread(SimulatedWorld world, Func<bool> goesOn) => (_world, _goesOn) = (world, goesOn);

    /// <summary>Whether this program can run histories.</summary>
    public static bool IsReady
    {
        get
        {
            ThreadPool.GetMaxThreads(out var most, out _);
            return most == 1;
        }
    }

    /// <summary>Makes steps happen until nothing is due any more.</summary>
    /// <param name="world">The history.</param>
    /// <param name="goesOn">Asked before each step whether to go on.</param>
    /// <exception cref="InvalidOperationException">The pool has more than one thread, or a step has thrown.</exception>
    public static Task RunAsync(SimulatedWorld world, Func<bool> goesOn)
    {
        ArgumentNullException.ThrowIfNull(world);
        if (!IsReady)
        {
            throw new InvalidOperationException($"A history needs a pool of one thread: set {Setting}=1 before the program starts.");
        }

        var thread = new SimulatedThread(world, goesOn);
        ThreadPool.UnsafeQueueUserWorkItem(thread, preferLocal: false);
        return thread._done.Task;
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            do
            {
                if (ThreadPool.PendingWorkItemCount > 0)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false); // Behind all of it.
                    return;
                }
            }
            while (_goesOn() && _world.TryStep());
        }
#pragma warning disable CA1031 // Whatever a step throws ends the history; whoever runs it hears why.
        catch (Exception e)
        {
            _done.SetException(new InvalidOperationException($"Step {_world.Steps} at {_world.Now} failed: {e.Message}", e));
            return;
        }
#pragma warning restore CA1031

        _done.SetResult();
    }
}
