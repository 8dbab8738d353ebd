using System.Diagnostics;
using System.Diagnostics.Metrics;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Telemetry;

/// <summary>The one meter and the one source of traces. What each capability measures stands beside its code, in a class of instruments.</summary>
/// <remarks>
/// Attributes of metrics are closed sets: scopes, states, kinds, operations. Never a user, an order, a stop or any other id:
/// those are in traces and logs. Where nobody listens, a measurement is one comparison.
/// </remarks>
public static class ServiceTelemetry
{
    /// <summary>Name of the meter and of the source.</summary>
    public const string Name = "EmergencyStop";

    /// <summary>The attribute of traces and the property of logs by which a stop is followed.</summary>
    public const string StopIdKey = "stop_id";

    /// <summary>The meter.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>The source of spans.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Buckets for what takes from half a millisecond to minutes, in seconds.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    };

    /// <summary>Begins a span of a stop; <c>null</c> where nobody listens.</summary>
    /// <param name="name">What is done, as <c>stop.sweep</c>.</param>
    /// <param name="stop">The stop.</param>
    public static Activity? StartStop(string name, StopId stop) =>
        Source.StartActivity(name)?.SetTag(StopIdKey, stop.Value);

    /// <summary>A scope as metrics and traces name it.</summary>
    public static string ScopeOf(StopTarget target) => target.Scope switch
    {
        EmergencyStopScope.User => target.Symbol is null ? "user" : "user_symbol",
        EmergencyStopScope.Strategy => "strategy",
        EmergencyStopScope.Symbol => "symbol",
        _ => "system",
    };

    /// <summary>A state as metrics and traces name it.</summary>
    public static string StateOf(StopState state) => state switch
    {
        StopState.Working => "working",
        StopState.Completed => "completed",
        _ => "outstanding",
    };
}
