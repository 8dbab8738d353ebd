using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Events;

/// <summary>The bus of one process. What changes stops, gates and obligations publishes itself, in the ledger's transactions.</summary>
public interface IEventBus
{
    /// <summary>Asks for a stop: critical, handled on this call, answered after the stop's record (or, without the ledger, after its spooling).</summary>
    /// <remarks>Authority is checked as for any stop. A cancelled token abandons the wait, never the stop.</remarks>
    /// <returns>What a stop asked for otherwise is answered.</returns>
    /// <exception cref="EventNotHandledException">It was tried as often as is allowed, and was set aside: there is no stop.</exception>
    Task<StopAnswer> PublishAsync(EmergencyStopRequested requested, CancellationToken cancellationToken);

    /// <summary>Publishes an event of this service: recorded when this returns, delivered later, at least once, in order.</summary>
    /// <param name="type">A dotted past-tense word; none that is critical.</param>
    /// <param name="subject">To what it happened.</param>
    /// <param name="audience">Which traders hear of it.</param>
    /// <param name="data">One JSON object, no secrets.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>Its id.</returns>
    Task<long> PublishAsync(string type, string subject, EventAudience audience, string data, CancellationToken cancellationToken);

    /// <summary>For code in the same process: stops a user's whole book in the service's own name.</summary>
    /// <param name="userId">Whose book.</param>
    /// <param name="reason">Why, in words; at most 500 characters.</param>
    Task<StopAnswer> PublishEmergencyStopAsync(UserId userId, string reason);
}

/// <summary>A critical event was tried as often as is allowed, and is set aside.</summary>
public sealed class EventNotHandledException(string message, Exception inner) : Exception(message, inner);
