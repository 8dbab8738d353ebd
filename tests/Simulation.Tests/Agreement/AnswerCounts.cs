using System.Collections;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>How often which operation had which kind of answer.</summary>
internal sealed class AnswerCounts
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>How many sequences were run.</summary>
    public int Sequences { get; set; }

    public IReadOnlyDictionary<string, int> All => _counts;

    public void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;

    /// <summary>The kind of an answer, fine enough that each branch of the contract has its own.</summary>
    public static string KindOf(object? answer) => answer switch
    {
        null => "nothing",
        string text => text,
        bool flag => flag ? "true" : "false",
        Exception trouble => $"throws {trouble.GetType().Name}",
        AdmitAnswer.NotReplaceable refused => $"NotReplaceable, {string.Join(' ', refused.Why.Split(' ').Take(3))}",
        AdmitAnswer.GateClosed { By.Except.IsDefaultOrEmpty: false } => "GateClosed with parts excepted",
        ExceptAnswer.Done { Repeated: true } => "Done before",
        EscalateAnswer.Escalated { Repeated: true } => "Escalated before",
        ExceptAnswer.HoldsNothing refused => refused.Why.Contains("narrowed", StringComparison.Ordinal) ? "HoldsNothing whole" : "HoldsNothing",
        EscalateAnswer.Cannot refused => refused.Why.Contains("resting", StringComparison.Ordinal) ? "Cannot, leaves orders" : "Cannot, holds nothing",
        WaiveAnswer.AlreadyMet met => met.How.StartsWith("it is", StringComparison.Ordinal) ? "AlreadyMet" : "AlreadyMet by its end",
        WaiveAnswer.Waived { Stop.State: StopState.Completed } => "Waived, completed by it",
        ReleaseAnswer.CannotNarrow refused => refused.Why.StartsWith("Nobody", StringComparison.Ordinal) ? "CannotNarrow, nobody's" : "CannotNarrow, no parts",
        ReleaseAnswer.Narrowed { Stop.Narrowed: null } => "Narrowed already so",
        ReleaseAnswer.Released { StillPaused.IsEmpty: false } => "Released, still paused",
        ReleaseAnswer.Released { StillHeld.IsEmpty: false } => "Released, still held",
        ResumeAnswer.Resumed { Strategy.IsPaused: true } => "Resumed, paused elsewhere",
        Order order => $"{order.Origin} {(order.State.IsActive() ? "active" : "ended")}",
        Stop stop => stop.State.ToString(),
        IEnumerable items => items.GetEnumerator().MoveNext() ? "some" : "none",
        _ => answer.GetType().Name.Split('`')[0],
    };
}
