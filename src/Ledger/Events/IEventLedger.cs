using System.Collections.Immutable;
using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;

namespace EmergencyStop.Ledger.Events;

/// <summary>The outbox: what happened to stops, gates, obligations and strategies, each event in the commit that made it happen.</summary>
/// <remarks>
/// Ids count up without gaps in the order of commits: whoever has read up to one never finds a lower one later. What
/// belongs into the outbox is said by <see cref="StopEvents"/>, <see cref="GateEvents"/>, <see cref="ObligationEvents"/>
/// and <see cref="StrategyEvents"/>, the same for every ledger.
/// </remarks>
public interface IEventLedger
{
    /// <summary>A page of events after an id.</summary>
    /// <remarks>One page looks at a bounded stretch: it may hold none that match and yet not be the last.</remarks>
    Task<EventPage> EventsAsync(EventQuery query, CancellationToken cancellationToken);

    /// <summary>Done once there may be an event after this id; woken by the commit that writes it in this process.</summary>
    Task EventsAfterAsync(long after, CancellationToken cancellationToken);

    /// <summary>Records one event of its own, for what changes no other row.</summary>
    /// <returns>Its id.</returns>
    Task<long> AppendEventAsync(LedgerEvent happened, CancellationToken cancellationToken);

    /// <summary>Drops what is older than <paramref name="before"/> and behind every consumer that anybody has held since, or more than <paramref name="most"/> events back; at most a short stretch of it, and never the last event.</summary>
    /// <param name="before">Events older than this (UTC).</param>
    /// <param name="most">Most events kept; those further back go even if a consumer has not had them.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>Whether more is to be dropped.</returns>
    Task<bool> PruneEventsAsync(DateTimeOffset before, long most, CancellationToken cancellationToken);

    /// <summary>Takes or keeps the right to deliver to a consumer, for a time.</summary>
    /// <param name="consumer">The handler's name.</param>
    /// <param name="holder">This process.</param>
    /// <param name="now">The time (UTC).</param>
    /// <param name="until">How long (UTC).</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The id up to which the consumer has had everything; <c>null</c> while another holds it. A consumer that comes for the first time begins after the last event.</returns>
    Task<long?> HoldConsumerAsync(string consumer, string holder, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Keeps how far a consumer is, with what is set aside up to there, in one commit.</summary>
    /// <returns>False when this process does not hold the consumer any more; nothing was kept then.</returns>
    Task<bool> AdvanceConsumerAsync(ConsumerAdvance advance, CancellationToken cancellationToken);

    /// <summary>The consumers, by name.</summary>
    Task<ImmutableArray<EventConsumer>> ConsumersAsync(CancellationToken cancellationToken);

    /// <summary>Sets a critical event aside, which has no place in the outbox.</summary>
    Task SetAsideAsync(EventSetAside setAside, CancellationToken cancellationToken);

    /// <summary>Events that are set aside, latest first.</summary>
    Task<Page<EventSetAside>> EventsSetAsideAsync(SetAsideQuery query, CancellationToken cancellationToken);

    /// <summary>How many are set aside and neither retried nor dismissed.</summary>
    Task<long> CountSetAsideAsync(CancellationToken cancellationToken);

    /// <summary>Changes the state of one that is set aside; audited where a person asks.</summary>
    /// <returns>It after the change; <c>null</c> where there is none, or it is in none of the states from which that leads.</returns>
    Task<EventSetAside?> SettleSetAsideAsync(SetAsideChange change, CancellationToken cancellationToken);
}

/// <summary>An event that is to be recorded.</summary>
/// <param name="Type">What has happened.</param>
/// <param name="Subject">To what.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Audience">Which traders hear of it.</param>
/// <param name="Data">One JSON object.</param>
public sealed record LedgerEvent(string Type, string Subject, DateTimeOffset At, EventAudience Audience, string Data);

/// <summary>An event with its place.</summary>
/// <param name="Id">From 1, without gaps.</param>
/// <param name="Event">The event.</param>
public sealed record StoredEvent(long Id, LedgerEvent Event);

/// <summary>Which events.</summary>
/// <param name="After">After this id; 0 for all that are kept.</param>
/// <param name="User">Only what this trader hears of.</param>
/// <param name="Account">The account of that trader.</param>
/// <param name="Subject">Only of this subject.</param>
public sealed record EventQuery(long After, UserId? User = null, AccountId? Account = null, string? Subject = null)
{
    /// <summary>Whether an event is asked for.</summary>
    public bool Matches(LedgerEvent happened) =>
        (User is not { } user || happened.Audience.Includes(user, Account))
        && (Subject is null || string.Equals(Subject, happened.Subject, StringComparison.Ordinal));
}

/// <summary>A page of events.</summary>
/// <param name="Events">Those that match, by id.</param>
/// <param name="Through">The id up to which was looked; go on after it.</param>
/// <param name="Oldest">The oldest id that is kept; 1 where there was none yet.</param>
/// <param name="Last">The newest id; 0 where there was none yet.</param>
public sealed record EventPage(ImmutableArray<StoredEvent> Events, long Through, long Oldest, long Last);
