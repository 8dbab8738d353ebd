using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>A call that answers with a value.</summary>
internal abstract class GrainCall<TResult> : GrainCall
{
    private readonly TaskCompletionSource<TResult> _answer = new(Answers.ContinuationsOfThisCaller);

    /// <summary>What the caller awaits.</summary>
    public Task<TResult> Response => _answer.Task;

    protected override bool IsAnswered => _answer.Task.IsCompleted;

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It goes to the caller.")]
    public sealed override async Task InvokeAsync(Activation activation)
    {
        TakeOverContext(); // undone when this method returns
        Exception? failure = null;
        try
        {
            var result = await Invoke(activation.GrainInstance!); // a valid activation has its object
            if (Runtime.Carrier is { } carrier)
            {
                CarryBack(carrier, activation, result);
            }
            else
            {
                Succeed(result);
            }
        }
        catch (Exception exception)
        {
            failure = exception;
            Failed(activation, exception);
        }

        Ended(activation, failure);
    }

    /// <summary>Calls the method on the grain's object. Emitted for each method.</summary>
    protected internal abstract ValueTask<TResult> Invoke(object grain);

    protected override bool TryAnswer(Exception exception) => Answers.TrySet(_answer, exception);

    /// <summary>Apart from the rest, as only here the result outlives its turn.</summary>
    private void CarryBack(ICallCarrier carrier, Activation activation, TResult result) =>
        carrier.CarryBack(this, activation, () => Succeed(result));

    private void Succeed(TResult result)
    {
        if (_answer.TrySetResult(result))
        {
            NoLongerPending();
        }
    }
}

/// <summary>A call that answers without a value.</summary>
internal abstract class GrainVoidCall : GrainCall
{
    private readonly TaskCompletionSource _answer = new(Answers.ContinuationsOfThisCaller);

    /// <summary>What the caller awaits.</summary>
    public Task Response => Method.IsOneWay ? Task.CompletedTask : _answer.Task;

    protected override bool IsAnswered => _answer.Task.IsCompleted;

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It goes to the caller.")]
    public sealed override async Task InvokeAsync(Activation activation)
    {
        TakeOverContext(); // undone when this method returns
        Exception? failure = null;
        try
        {
            await Invoke(activation.GrainInstance!); // a valid activation has its object
            if (Runtime.Carrier is { } carrier)
            {
                carrier.CarryBack(this, activation, Succeed);
            }
            else
            {
                Succeed();
            }
        }
        catch (Exception exception)
        {
            failure = exception;
            Failed(activation, exception);
        }

        Ended(activation, failure);
    }

    /// <summary>Calls the method on the grain's object. Emitted for each method.</summary>
    protected internal abstract ValueTask Invoke(object grain);

    protected override bool TryAnswer(Exception exception) => Answers.TrySet(_answer, exception);

    private void Succeed()
    {
        if (_answer.TrySetResult())
        {
            NoLongerPending();
        }
    }
}

/// <summary>Ends an await with a failure: cancelled by a cancellation that keeps its exception, else faulted.</summary>
internal static class Answers
{
    /// <summary>
    /// A grain's awaits go on in its own turns by themselves; whoever else waits must not run in a turn of the callee.
    /// Not hopping over the thread pool for grains keeps a seeded scheduler the only one who orders turns.
    /// </summary>
    public static TaskCreationOptions ContinuationsOfThisCaller =>
        RuntimeContext.Current is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;

    public static bool TrySet<TResult>(TaskCompletionSource<TResult> answer, Exception exception) =>
        exception is OperationCanceledException cancelled
            ? answer.TrySetFromTask(Cancelled<TResult>(cancelled))
            : answer.TrySetException(exception);

    public static bool TrySet(TaskCompletionSource answer, Exception exception) =>
        exception is OperationCanceledException cancelled
            ? answer.TrySetFromTask(Cancelled<bool>(cancelled))
            : answer.TrySetException(exception);

    /// <summary>Only an async method makes a cancelled task that keeps its exception.</summary>
#pragma warning disable CS1998 // No await: the method exists to throw.
    private static async Task<TResult> Cancelled<TResult>(OperationCanceledException exception) => throw exception;
#pragma warning restore CS1998
}
