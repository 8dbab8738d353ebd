namespace EmergencyStop.Grains.Risk;

/// <summary>Notices when this process stood still: paused, swapped out, or without a thread to run on.</summary>
internal sealed class Pulse(TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    /// <summary>A beat that comes so much too late.</summary>
    private static readonly TimeSpan StandStill = TimeSpan.FromMilliseconds(400);

    private long _last = time.GetTimestamp();

    /// <summary>Whether the process runs as far as can be seen; if not, what it measured lately is not to be relied on yet.</summary>
    public bool IsSteady => time.GetElapsedTime(Volatile.Read(ref _last)) < Every + StandStill;

    /// <summary>Beats until it is told to end.</summary>
    /// <param name="stoodStill">Told how long the process stood still, before it is called steady again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<TimeSpan> stoodStill, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Every, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var late = time.GetElapsedTime(_last) - Every;
            if (late > StandStill)
            {
                stoodStill(late);
            }

            Volatile.Write(ref _last, time.GetTimestamp());
        }
    }
}
