namespace EmergencyStop.Api.Following;

/// <summary>Bounds the streams of one kind.</summary>
/// <param name="most">Most at a time.</param>
internal class StreamPlaces(int most)
{
    private int _taken;

    /// <summary>A place, to be disposed of at the stream's end; <c>null</c> when all are taken.</summary>
    public IDisposable? TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= most)
        {
            return new Place(this);
        }

        Interlocked.Decrement(ref _taken);
        return null;
    }

    private sealed class Place(StreamPlaces places) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                Interlocked.Decrement(ref places._taken);
            }
        }
    }
}
