using EmergencyStop.Grains.Risk;
using EmergencyStop.Ids;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Risk;

/// <summary>One seat, readings handed to it by hand, and what it says to them.</summary>
internal sealed class RiskBench
{
    private readonly SettledEquity _settled = new();

    public RiskBench(RiskRule rule) => Seat = new(new(rule, 1, false, RiskRuleSource.Api, "officer", Now, "test"), new(rule.Id, UserId.Parse("alice"), null, 1, Now));

    public static DateTimeOffset Now { get; } = new(2026, 3, 2, 14, 30, 0, TimeSpan.Zero);

    public DateTimeOffset At { get; private set; } = Now;

    public RiskSeat Seat { get; }

    public int Breaches => (int)Seat.Watch.Episode;

    public static RiskRule Rule(RiskRuleKind kind, decimal threshold, RiskUnit unit, int samples = 3, double holdSeconds = 2, params int[] warnAt) => new(
        RiskRuleId.Parse("r1"), kind, threshold, unit, null, null, false, TimeSpan.FromSeconds(10), 5, [.. warnAt], samples, TimeSpan.FromSeconds(holdSeconds),
        RiskAction.Stop, EmergencyStopScope.User, new(), false, true, TimeSpan.FromMinutes(1));

    /// <summary>A reading of the account, a second after the last.</summary>
    public RiskChange Read(decimal? equity, double seconds = 1)
    {
        At += TimeSpan.FromSeconds(seconds);
        if (equity is { } amount)
        {
            _settled.Add(amount);
        }

        var reading = equity is { } e ? new EquityReading(e, "USD", EquitySource.Venue, At) : null;
        return Seat.Judge(new(reading, Seat.Counts, TimeSpan.Zero), _settled.Value, DateOnly.FromDateTime(At.UtcDateTime), reading is not null, At);
    }

    /// <summary>The same amount several times.</summary>
    public RiskChange[] Read(decimal equity, int times) => [.. Enumerable.Range(0, times).Select(_ => Read(equity))];
}
