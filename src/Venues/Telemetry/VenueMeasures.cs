using System.Diagnostics;
using System.Diagnostics.Metrics;
using EmergencyStop.Telemetry;

namespace EmergencyStop.Venues.Telemetry;

/// <summary>What is measured about venues and strategies: one measurement and one span a call.</summary>
internal static class VenueMeasures
{
    private static readonly Histogram<double> CallTime = ServiceTelemetry.Meter.CreateHistogram(
        "emergency_stop.venue.call.duration",
        "s",
        "Calls to the venue with their retries and waits for its rate limit, by operation and outcome.",
        tags: null,
        ServiceTelemetry.Seconds);

    private static readonly Histogram<double> CallbackTime = ServiceTelemetry.Meter.CreateHistogram(
        "emergency_stop.strategy.callback.duration",
        "s",
        "Calls of strategies that have a callback, by operation and outcome: told, failed.",
        tags: null,
        ServiceTelemetry.Seconds);

    /// <summary>Begins the span of a call; <c>null</c> where nobody listens.</summary>
    public static Activity? Start(string operation) => ServiceTelemetry.Source.StartActivity($"venue.{operation}", ActivityKind.Client);

    /// <summary>A call has come back.</summary>
    public static void Ended(Activity? span, string operation, string outcome, long start, bool failed)
    {
        CallTime.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new TagList { { "operation", operation }, { "outcome", outcome } });
        End(span, outcome, failed);
    }

    /// <summary>A strategy was told, or not.</summary>
    public static void Told(Activity? span, string operation, long start, bool failed)
    {
        var outcome = failed ? "failed" : "told";
        CallbackTime.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new TagList { { "operation", operation }, { "outcome", outcome } });
        End(span, outcome, failed);
    }

    private static void End(Activity? span, string outcome, bool failed)
    {
        span?.SetTag("outcome", outcome);
        if (failed)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }
}
