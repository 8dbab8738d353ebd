namespace EmergencyStop.Grains.Tests;

/// <summary>The clocks of a process that can be stopped: it finds them later than it left them, and its timers have not fired yet.</summary>
internal sealed class StandingClock : TimeProvider
{
    private long _stood;

    /// <summary>The process has stood still for a while.</summary>
    public void Stand(TimeSpan lasted) => Interlocked.Add(ref _stood, lasted.Ticks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _stood));

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Interlocked.Read(ref _stood);
}
