using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>Something that starts in a turn of an activation.</summary>
internal interface ITurn
{
    /// <summary>Runs on the activation's scheduler, with no other turn of the activation beside it.</summary>
    void Run();
}

/// <summary>The task scheduler of one activation: its turns, and what they await, run here one at a time.</summary>
internal sealed class TurnQueue(Activation owner, ITurnScheduler scheduler) : TaskScheduler, ITurnQueue
{
    /// <summary>Turns run before other activations get their chance.</summary>
    private const int TurnsPerSlice = 64;

    private static readonly Action<object?> RunInTask = static turn => ((ITurn)turn!).Run();

    private readonly Lock _gate = new();
    private readonly Queue<object> _turns = new();
    private bool _scheduled;

    public GrainId GrainId => owner.GrainId;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Turns that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _turns.Count;
            }
        }
    }

    public void Post(ITurn turn) => Enqueue(turn);

    public void RunTurn()
    {
        if (TryDequeue(out var turn))
        {
            Run(turn);
        }

        EndSlice();
    }

    public void Execute()
    {
        for (var i = 0; i < TurnsPerSlice && TryDequeue(out var turn); i++)
        {
            Run(turn);
        }

        EndSlice();
    }

    protected override void QueueTask(Task task) => Enqueue(task);

    /// <summary>Only a turn of this very activation may run another piece of it within itself.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(RuntimeContext.Current, owner) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return _turns.OfType<Task>().ToArray();
        }
    }

    private void Enqueue(object turn)
    {
        lock (_gate)
        {
            _turns.Enqueue(turn);
            if (_scheduled)
            {
                return;
            }

            _scheduled = true;
        }

        scheduler.Schedule(this);
    }

    private bool TryDequeue(out object turn)
    {
        lock (_gate)
        {
            return _turns.TryDequeue(out turn!); // not null where true
        }
    }

    private void EndSlice()
    {
        lock (_gate)
        {
            if (_turns.Count == 0)
            {
                _scheduled = false;
                return;
            }
        }

        scheduler.Schedule(this);
    }

    private void Run(object turn)
    {
        var outer = RuntimeContext.Current;
        var outerContext = SynchronizationContext.Current;
        RuntimeContext.Current = owner;
        if (outerContext is not null)
        {
            // A thread lent by a test or a window has one, and awaits would prefer it to this scheduler.
            SynchronizationContext.SetSynchronizationContext(null);
        }

        try
        {
            if (turn is Task continuation)
            {
                TryExecuteTask(continuation);
            }
            else
            {
                // Made here and not where it was posted, so that it does not carry the poster's async locals.
                var task = new Task(RunInTask, turn);
                task.RunSynchronously(this);
                if (task.Exception is { } failure)
                {
                    Log.TurnFailed(owner.Runtime.Logger, failure, owner.GrainId);
                }
            }
        }
        finally
        {
            RuntimeContext.Current = outer;
            if (outerContext is not null)
            {
                SynchronizationContext.SetSynchronizationContext(outerContext);
            }
        }
    }
}
