namespace Orleans.Solo;

/// <summary>Which requests of one activation run and which wait. Touched by the activation's turns only.</summary>
internal sealed class Admission(bool isReentrant)
{
    private readonly LinkedList<Request> _waiting = new();
    private Request? _blocking;
    private int _waitingInterleaving;

    public int Running { get; private set; }

    public int Waiting => _waiting.Count;

    /// <summary>Whether <paramref name="request"/> may start beside what runs now.</summary>
    /// <remarks>As in Orleans, only the first request that does not interleave blocks others; when it ends, others may start.</remarks>
    public bool MayStart(Request request) =>
        Running == 0
        || request.AlwaysInterleaves
        || isReentrant
        || _blocking is null
        || (_blocking.IsReadOnly && request.IsReadOnly);

    /// <summary>Whether a look through the waiting ones can find one that may start.</summary>
    public bool MayAnyWaitingStart =>
        _waiting.Count > 0
        && (Running == 0 || isReentrant || _waitingInterleaving > 0 || _blocking is null || _blocking.IsReadOnly);

    public void Wait(Request request)
    {
        _waiting.AddLast(request);
        _waitingInterleaving += request.AlwaysInterleaves ? 1 : 0;
    }

    public void Started(Request request)
    {
        Running++;
        if (!request.AlwaysInterleaves)
        {
            _blocking ??= request;
        }
    }

    public void Ended(Request request)
    {
        Running--;
        if (ReferenceEquals(_blocking, request))
        {
            _blocking = null;
        }
    }

    /// <summary>Takes the first waiting request that may start and is <paramref name="eligible"/>, if there is one.</summary>
    public Request? TakeStartable(Func<Request, bool> eligible)
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (eligible(node.Value) && MayStart(node.Value))
            {
                _waiting.Remove(node);
                _waitingInterleaving -= node.Value.AlwaysInterleaves ? 1 : 0;
                return node.Value;
            }
        }

        return null;
    }

    public IReadOnlyList<Request> TakeAllWaiting()
    {
        Request[] all = [.. _waiting];
        _waiting.Clear();
        _waitingInterleaving = 0;
        return all;
    }
}
