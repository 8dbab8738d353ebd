namespace EmergencyStop.Venues.Alpaca;

/// <summary>One account's rate limit, with a share reserved for cancels.</summary>
/// <remarks>
/// Two accounts of it are kept: our own count by the minute, and what the venue's headers said last, less what has left
/// since. A call goes out when both allow it. While cancels wait, nothing else takes, and they take in the order in which
/// they came: whoever sends them puts the largest exposure first.
/// </remarks>
internal sealed class RateBudget(int callsPerMinute, int reservedPercent, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Longest sleep between two looks at the budget; it may be given back earlier than announced.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan UntilMyTurn = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private long _periodStart = time.GetTimestamp();
    private int _used;
    private int _venueLimit;
    private int _venueRemaining;
    private DateTimeOffset _venueResetsAt;
    private DateTimeOffset _closedUntil;
    private readonly LinkedList<object> _cancelsWaiting = [];

    /// <summary>Waits for room. <c>false</c> when the token ended the wait; nothing is used up then.</summary>
    public async ValueTask<bool> EnterAsync(CallKind kind, CancellationToken cancellationToken)
    {
        var wait = TryTake(kind, place: null);
        if (wait == TimeSpan.Zero)
        {
            return true;
        }

        var place = kind == CallKind.Cancelling ? Queue() : null;
        try
        {
            // Bounded by the caller's token, which always has an end.
            while (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait < LongestSleep ? wait : LongestSleep, time, cancellationToken);
                wait = TryTake(kind, place);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            Leave(place);
        }
    }

    /// <summary>Takes in what the venue says of the limit.</summary>
    public void Learn(int limit, int remaining, DateTimeOffset resetsAt)
    {
        lock (_gate)
        {
            // An answer that was overtaken by a later one of the same period must not give room back.
            remaining = resetsAt == _venueResetsAt ? Math.Min(remaining, _venueRemaining) : remaining;
            (_venueLimit, _venueRemaining, _venueResetsAt) = (limit, remaining, resetsAt);
        }
    }

    /// <summary>The venue refused a call: nothing goes out before it gives room again.</summary>
    public void Close(DateTimeOffset until)
    {
        lock (_gate)
        {
            _closedUntil = until > _closedUntil ? until : _closedUntil;
        }
    }

    private LinkedListNode<object> Queue()
    {
        lock (_gate)
        {
            return _cancelsWaiting.AddLast(this);
        }
    }

    private void Leave(LinkedListNode<object>? place)
    {
        lock (_gate)
        {
            if (place is not null)
            {
                _cancelsWaiting.Remove(place);
            }
        }
    }

    private TimeSpan TryTake(CallKind kind, LinkedListNode<object>? place)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now < _closedUntil)
            {
                return _closedUntil - now;
            }

            if (now < _venueResetsAt && _venueRemaining <= Kept(kind, _venueLimit))
            {
                return _venueResetsAt - now;
            }

            var passed = time.GetElapsedTime(_periodStart);
            if (passed >= Period)
            {
                (_periodStart, _used, passed) = (time.GetTimestamp(), 0, TimeSpan.Zero);
            }

            if (callsPerMinute > 0 && callsPerMinute - _used <= Kept(kind, callsPerMinute))
            {
                return Period - passed;
            }

            // Asked last, so that a crowd of waiting cancels sleeps while there is no room.
            if (_cancelsWaiting.First is { } first && first != place)
            {
                return UntilMyTurn;
            }

            _used++;
            _venueRemaining = Math.Max(0, _venueRemaining - 1);
            return TimeSpan.Zero;
        }
    }

    /// <summary>How many calls this kind must leave to others.</summary>
    private int Kept(CallKind kind, int limit) => kind switch
    {
        CallKind.Cancelling => 0,
        CallKind.Reading => limit * reservedPercent / 200,
        _ => limit * reservedPercent / 100,
    };
}
