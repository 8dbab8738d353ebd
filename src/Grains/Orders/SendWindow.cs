namespace EmergencyStop.Grains.Orders;

/// <summary>From before the record of something to the last moment at which it may be written to a venue.</summary>
/// <remarks>
/// Measured by the larger of monotonic and wall time: a process that was frozen between record and write has overstayed by
/// one of the two clocks.
/// </remarks>
internal sealed class SendWindow : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _length;
    private readonly long _startedTicks;
    private readonly CancellationTokenSource _end;

    /// <summary>Starts it. Make it before the record.</summary>
    public SendWindow(TimeProvider time, TimeSpan length)
    {
        (_time, _length) = (time, length);
        (_startedTicks, StartedAt) = (time.GetTimestamp(), time.GetUtcNow());
        _end = new CancellationTokenSource(length, time);
    }

    /// <summary>When it began (UTC).</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Cancelled at its end.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>How long ago it began, by the monotonic clock.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_startedTicks);

    /// <summary>Why nothing may be written any more; <c>null</c> while it lasts.</summary>
    public string? WhyOver() => IsOver ? $"the send window of {_length.TotalMilliseconds:0} ms is over" : null;

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    private bool IsOver
    {
        get
        {
            var (monotonic, wall) = (Elapsed, _time.GetUtcNow() - StartedAt);
            return (monotonic > wall ? monotonic : wall) > _length;
        }
    }
}
