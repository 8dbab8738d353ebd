using System.Diagnostics.Metrics;
using EmergencyStop.Telemetry;

namespace EmergencyStop.Grains.Events;

/// <summary>What is measured about events.</summary>
internal static class EventMeasures
{
    private static readonly Counter<long> HandledEvents =
        ServiceTelemetry.Meter.CreateCounter<long>("emergency_stop.events.handled", "{event}", "Events that a handler has taken in, by handler.");

    private static readonly Counter<long> FailedAttempts = ServiceTelemetry.Meter.CreateCounter<long>(
        "emergency_stop.events.failed_attempts", "{attempt}", "Attempts that threw or were late, by handler.");

    private static readonly Counter<long> SetAsideEvents = ServiceTelemetry.Meter.CreateCounter<long>(
        "emergency_stop.events.set_aside", "{event}", "Events that were set aside after the last attempt, by handler.");

    public static void Handled(string handler) => HandledEvents.Add(1, Tag(handler));

    public static void Failed(string handler) => FailedAttempts.Add(1, Tag(handler));

    public static void SetAside(string handler) => SetAsideEvents.Add(1, Tag(handler));

    private static KeyValuePair<string, object?> Tag(string handler) => new("handler", handler);
}
