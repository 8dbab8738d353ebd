using EmergencyStop.Simulation.Tests.Laws;
using EmergencyStop.Simulation.Tests.Scenarios;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>What one history came to.</summary>
/// <param name="Violations">The laws that it broke, first one first.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Ended">When it ended, in virtual time.</param>
public sealed record Verdict(IReadOnlyList<Violation> Violations, long Steps, TimeSpan Ended)
{
    /// <summary>In the place of a law's number: a step threw.</summary>
    public const int Threw = -1;

    private static readonly string[] Names =
    [
        "nothing stuck, all adds up", "no slip", "nothing left behind", "latched", "no guessing", "recorded first",
        "once", "only the scope", "stop comes first", "obligations outlive release", "stopping works when things are broken",
    ];

    /// <summary>Whether it broke this law.</summary>
    public bool Breaks(int law) => Violations.Any(v => v.Law == law);

    /// <summary>A law in words.</summary>
    public static string NameOf(int law) => law switch
    {
        Threw => "no law: a step threw",
        >= 0 and <= 10 => $"law {law} ({Names[law]})",
        _ => "no law: its worker ended or hung",
    };

    /// <summary>Runs one history.</summary>
    public static async Task<Verdict> OfAsync(Plan plan, Bugs bugs, Action<string>? listener = null, Func<Sight, Stage, Onlooker>? onlooker = null)
    {
        using var history = new History(plan, bugs, listener, onlooker);
        try
        {
            var violations = await history.RunAsync();
            return new(violations, history.Steps, history.Stage.World.Now);
        }
#pragma warning disable CA1031 // Whatever a history throws is a finding.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var now = history.Stage.World.Now;
            return new([new(Threw, now, (e.InnerException ?? e).ToString().ReplaceLineEndings(" | "))], history.Steps, now);
        }
#pragma warning restore CA1031
    }
}
