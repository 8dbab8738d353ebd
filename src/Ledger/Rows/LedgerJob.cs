namespace EmergencyStop.Ledger.Rows;

/// <summary>One piece of work for the writer.</summary>
internal abstract class LedgerJob
{
    /// <summary>Whether it is undone alone, by a savepoint, when it fails.</summary>
    public virtual bool IsGuarded => true;

    /// <summary>Says which rows it is going to ask for, where it knows.</summary>
    public virtual void Announce(RowsWanted wanted)
    {
    }

    /// <summary>Works inside the batch's transaction.</summary>
    /// <returns>False when another slice is left, to be run in a later transaction.</returns>
    public abstract bool Run(LedgerTransaction transaction, Slice slice);

    /// <summary>Answers; the work is committed and its view published.</summary>
    public abstract void Succeed();

    /// <summary>Answers that nothing of this slice stands.</summary>
    public abstract void Fail(Exception why);
}

/// <summary>How much of a cut job may run before it makes room.</summary>
internal sealed class Slice(Func<bool>? mustEnd)
{
    /// <summary>Most rows of one slice, whatever the clock says.</summary>
    public const int MostRows = 256;

    private int _rows;

    /// <summary>Begins a slice.</summary>
    public void Restart() => _rows = 0;

    /// <summary>Counts one row; false when the slice is over.</summary>
    public bool Next() => ++_rows < MostRows && mustEnd?.Invoke() != true;
}

/// <summary>Work with an answer.</summary>
internal abstract class LedgerJob<T> : LedgerJob
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _answer.Task;

    public override void Succeed() => _answer.TrySetResult(Result());

    public override void Fail(Exception why) => _answer.TrySetException(why);

    protected abstract T Result();
}

/// <summary>Work that is done in one go.</summary>
internal sealed class WholeJob<T>(Func<LedgerTransaction, T> work) : LedgerJob<T>
{
    private T? _result;

    public override bool Run(LedgerTransaction transaction, Slice slice)
    {
        _result = work(transaction);
        return true;
    }

    protected override T Result() => _result!; // Run has set it.
}

/// <summary>Work over many items, cut into slices of one commit each.</summary>
/// <param name="count">How many items there are.</param>
/// <param name="work">Works on the item of this index.</param>
/// <param name="seal">Ends a slice: from the first index to before the second.</param>
/// <param name="result">The answer after the last slice.</param>
/// <param name="begin">Begins a slice, or begins it again when what it wrote was undone.</param>
/// <param name="announce">Says which rows it asks for from the first index to before the second.</param>
internal sealed class SlicedJob<T>(
    int count, Action<LedgerTransaction, int> work, Action<LedgerTransaction, int, int> seal, Func<T> result, Action begin, Action<RowsWanted, int, int>? announce = null) : LedgerJob<T>
{
    private int _done;
    private int _reached;

    public override void Announce(RowsWanted wanted) => announce?.Invoke(wanted, _done, Math.Min(count, _done + Slice.MostRows));

    public override bool Run(LedgerTransaction transaction, Slice slice)
    {
        var at = _done;
        begin();
        slice.Restart();
        while (at < count)
        {
            work(transaction, at++);
            if (!slice.Next())
            {
                break;
            }
        }

        seal(transaction, _done, at);
        _reached = at;
        return at >= count;
    }

    /// <summary>The slice is committed; the next begins after it.</summary>
    public void Advance() => _done = _reached;

    public override void Succeed()
    {
        Advance();
        if (_done >= count)
        {
            base.Succeed();
        }
    }

    protected override T Result() => result();
}
