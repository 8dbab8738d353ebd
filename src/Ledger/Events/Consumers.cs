using System.Collections.Immutable;
using EmergencyStop.Events;

namespace EmergencyStop.Ledger.Events;

/// <summary>A handler, as the ledger knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Position">The id up to which it has had everything.</param>
/// <param name="Holder">The process that delivers to it.</param>
/// <param name="HeldUntil">Until when (UTC).</param>
public sealed record EventConsumer(string Name, long Position, string Holder, DateTimeOffset HeldUntil);

/// <summary>How far a consumer has come.</summary>
/// <param name="Consumer">Its name.</param>
/// <param name="Holder">The process that delivers.</param>
/// <param name="Position">The id up to which it has had everything.</param>
/// <param name="SetAside">What it could not take in on the way.</param>
public sealed record ConsumerAdvance(string Consumer, string Holder, long Position, ImmutableArray<EventSetAside> SetAside);

/// <summary>How it is with an event that was set aside.</summary>
public enum SetAsideState
{
    /// <summary>Nobody has looked at it yet.</summary>
    Waiting,

    /// <summary>A person asked for another try.</summary>
    Retrying,

    /// <summary>It was taken in at last.</summary>
    Handled,

    /// <summary>A person gave it up.</summary>
    Dismissed,
}

/// <summary>An event that a handler could not take in, kept for people to see.</summary>
/// <param name="Number">Its number, given by the ledger: from 1.</param>
/// <param name="Consumer">The handler.</param>
/// <param name="Source">The event's source.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Subject">The event's subject.</param>
/// <param name="Time">When it happened (UTC).</param>
/// <param name="Data">The event's data.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Why">What went wrong the last time, in words for people.</param>
/// <param name="At">When it was set aside (UTC).</param>
/// <param name="State">How it is with it.</param>
/// <param name="SettledBy">Who retried or dismissed it last.</param>
/// <param name="SettledAt">When (UTC).</param>
/// <param name="Reason">Why that was done.</param>
public sealed record EventSetAside(
    long Number,
    string Consumer,
    string Source,
    string EventId,
    string Type,
    string Subject,
    DateTimeOffset Time,
    string Data,
    int Attempts,
    string Why,
    DateTimeOffset At,
    SetAsideState State = SetAsideState.Waiting,
    string? SettledBy = null,
    DateTimeOffset? SettledAt = null,
    string? Reason = null);

/// <summary>Which events that are set aside.</summary>
/// <param name="Consumer">Only this handler's.</param>
/// <param name="State">Only in this state.</param>
/// <param name="Cursor">From the last page, or <c>null</c>.</param>
/// <param name="Limit">1 to 500 rows; default 100.</param>
public sealed record SetAsideQuery(string? Consumer = null, SetAsideState? State = null, string? Cursor = null, int Limit = 100);

/// <summary>A change of one that is set aside.</summary>
/// <param name="Number">Which.</param>
/// <param name="To">The new state: <c>Retrying</c> and <c>Dismissed</c> from <c>Waiting</c>; <c>Handled</c> and <c>Waiting</c> from <c>Retrying</c>.</param>
/// <param name="At">When (UTC).</param>
/// <param name="By">The person who asks; <c>null</c> for the dispatcher, whose changes are not audited.</param>
/// <param name="Reason">Why, or what went wrong this time.</param>
/// <param name="Attempts">Tries made by it.</param>
public sealed record SetAsideChange(long Number, SetAsideState To, DateTimeOffset At, string? By, string Reason, int Attempts = 0)
{
    /// <summary>Whether the change leads on from how it is. A stop that was not engaged is engaged by hand: its event is never tried again.</summary>
    public bool LeadsFrom(EventSetAside before) => To switch
    {
        SetAsideState.Retrying => before.State == SetAsideState.Waiting && EventTypes.PriorityOf(before.Type) != EventPriority.Critical,
        SetAsideState.Dismissed => before.State == SetAsideState.Waiting,
        _ => before.State == SetAsideState.Retrying,
    };

    /// <summary>The event after the change.</summary>
    public EventSetAside Over(EventSetAside before) => By is null
        ? before with { State = To, Attempts = before.Attempts + Attempts, Why = To == SetAsideState.Waiting ? Reason : before.Why }
        : before with { State = To, SettledBy = By, SettledAt = At, Reason = Reason };
}
