namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>The time of both ledgers; it stands still while they work.</summary>
internal sealed class AgreementClock : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero).UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
