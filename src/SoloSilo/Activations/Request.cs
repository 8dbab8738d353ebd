namespace Orleans.Solo;

/// <summary>Work that an activation admits by its rules of interleaving: a grain call or a timer tick.</summary>
internal abstract class Request : ITurn
{
    /// <summary>Starts whatever else runs.</summary>
    public abstract bool AlwaysInterleaves { get; }

    /// <summary>Runs beside others that are read-only.</summary>
    public abstract bool IsReadOnly { get; }

    /// <summary>Counts as use of the activation.</summary>
    public abstract bool KeepsAlive { get; }

    /// <summary>Belongs to this activation alone, and is dropped with it rather than sent to the next.</summary>
    public abstract bool IsLocal { get; }

    /// <summary>Whether nobody waits for it any more.</summary>
    public abstract bool IsAbandoned { get; }

    protected Activation? Target { get; private set; }

    public void SendTo(Activation activation)
    {
        Target = activation;
        activation.Turns.Post(this);
    }

    public void Run() => Target!.Arrive(this); // set by SendTo, the only way into a turn queue

    /// <summary>Runs in a turn of the activation. Never throws.</summary>
    public abstract Task InvokeAsync(Activation activation);

    /// <summary>Ends the request without running it.</summary>
    public abstract void Refuse(Exception exception);
}
