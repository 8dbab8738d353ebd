using System.Security.Cryptography;
using System.Text;
using EmergencyStop.Events;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Events;

/// <summary>Turns <c>emergency_stop.requested</c> into a stop: the same event is the same stop, however often it comes.</summary>
/// <remarks>
/// The event's source and id become the stop's idempotency key, so the ledger, the spool and the replay know it again as
/// they know any repeated press, after a restart and without the ledger too. The key is one of the publisher's own: nobody
/// can take another's event id away by using it first.
/// </remarks>
public sealed class EmergencyStopHandler(IEmergencyStopSystem system)
{
    /// <summary>Its name where events are set aside.</summary>
    public const string Name = "emergency-stop";

    /// <summary>Engages the stop. It is recorded, or spooled, when this returns an engaged one.</summary>
    public Task<StopAnswer> HandleAsync(EmergencyStopRequested requested, CancellationToken cancellationToken) =>
        system.StopAsync(RequestOf(requested), requested.Wait, cancellationToken);

    /// <summary>The request under the event's key. Pure.</summary>
    public static EmergencyStopRequest RequestOf(EmergencyStopRequested requested)
    {
        ArgumentNullException.ThrowIfNull(requested);
        var request = requested.Request;
        var content = string.Join('\n', request.Target.Value, request.Options, request.ReasonCode, request.Reason, string.Join(',', request.Except.Select(t => t.Value)));

        // A header's key has no space, so no key that a caller makes up is ever this one.
        return request with { IdempotencyKey = $"event {Hash($"{requested.Source}\n{requested.Id}")}", BodyHash = Hash(content) };
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
