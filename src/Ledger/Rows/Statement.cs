namespace EmergencyStop.Ledger.Rows;

/// <summary>One statement of a session: values are bound and columns read in the order of the text, each as <c>?</c> there.</summary>
internal abstract class Statement
{
    public abstract Statement Bind(long value);

    public abstract Statement Bind(long? value);

    public abstract Statement Bind(string? value);

    public abstract Statement Bind(ReadOnlySpan<byte> value);

    public Statement Bind(bool value) => Bind(value ? 1L : 0L);

    /// <summary>Runs a statement that gives no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public abstract int Run();

    /// <summary>Runs a statement that gives no rows and whose count nobody asks for: it may wait until the next read, or the commit.</summary>
    public virtual void Post() => _ = Run();

    /// <summary>The first row, or the default.</summary>
    public abstract T? First<T>(Func<Statement, T> read);

    /// <summary>Every row.</summary>
    public abstract List<T> All<T>(Func<Statement, T> read);

    /// <summary>Every row, one at a time; the statement is busy until the enumeration ends.</summary>
    public abstract IEnumerable<T> Stream<T>(Func<Statement, T> read);

    /// <summary>Whether there is a row.</summary>
    public bool Any() => First(static _ => true);

    public abstract long Long();

    public abstract int Int();

    public bool Bool() => Int() != 0;

    public abstract long? LongOrNull();

    public abstract string Text();

    public abstract string? TextOrNull();

    public abstract byte[] Blob();

    /// <summary>Passes over columns that belong to something absent.</summary>
    public T? Skip<T>(int columns)
        where T : class
    {
        Pass(columns);
        return null;
    }

    protected abstract void Pass(int columns);
}
