using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Orleans;

namespace EmergencyStop.Releasing;

/// <summary>A risk officer gives one debt of one stop up, by name.</summary>
/// <param name="Stop">Which stop's.</param>
/// <param name="Kind">What is owed.</param>
/// <param name="Item">Which: as the obligation names it.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why, in words; 1 to 500 characters.</param>
/// <param name="At">When it was asked (UTC).</param>
[GenerateSerializer, Immutable, Alias("waive-request")]
public sealed record WaiveRequest(
    [property: Id(0)] StopId Stop,
    [property: Id(1)] ObligationKind Kind,
    [property: Id(2)] string Item,
    [property: Id(3)] Caller By,
    [property: Id(4)] string Reason,
    [property: Id(5)] DateTimeOffset At);

/// <summary>The answer to a waiver.</summary>
[GenerateSerializer, Immutable, Alias("waive-answer")]
public abstract record WaiveAnswer
{
    private WaiveAnswer()
    {
    }

    /// <summary>Given up now. The stop is completed if that was its last debt.</summary>
    [GenerateSerializer, Immutable, Alias("waive-answer.waived")]
    public sealed record Waived([property: Id(0)] Stop Stop, [property: Id(1)] ItemOutcome Item) : WaiveAnswer;

    /// <summary>It is met, or was waived before; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("waive-answer.already-met")]
    public sealed record AlreadyMet([property: Id(0)] Stop Stop, [property: Id(1)] string How) : WaiveAnswer;

    /// <summary>The stop owes no such thing.</summary>
    [GenerateSerializer, Immutable, Alias("waive-answer.no-such-debt")]
    public sealed record NoSuchDebt([property: Id(0)] Stop Stop) : WaiveAnswer;

    /// <summary>No such stop.</summary>
    [GenerateSerializer, Immutable, Alias("waive-answer.not-found")]
    public sealed record NotFound : WaiveAnswer;

    /// <summary>The caller may not give debts up.</summary>
    [GenerateSerializer, Immutable, Alias("waive-answer.forbidden")]
    public sealed record Forbidden([property: Id(0)] string Why) : WaiveAnswer;
}
