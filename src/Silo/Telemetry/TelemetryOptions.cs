using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Silo.Telemetry;

/// <summary>What the service tells those who watch it; section <c>Telemetry</c>.</summary>
/// <remarks>
/// Where to is set by OpenTelemetry's own variables: nothing is exported unless <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set,
/// beside which <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_EXPORTER_OTLP_HEADERS</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>
/// and <c>OTEL_RESOURCE_ATTRIBUTES</c> have their usual meaning.
/// </remarks>
public sealed class TelemetryOptions
{
    /// <summary>The section that holds these options.</summary>
    public const string Section = "Telemetry";

    /// <summary>The share of traces that is kept of requests that neither stop nor release; those always are.</summary>
    /// <value>0 to 1; default 0.01: orders are many and much alike.</value>
    [Range(0.0, 1.0)]
    public double TraceRatio { get; set; } = 0.01;

    /// <summary>How often open obligations, latches and the ledger's health are read to be exported.</summary>
    /// <value>1 s to 5 min; default 5 s. Only read where something is exported.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ReadEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How the log on standard output looks: <c>text</c>, a line an event for people, or <c>json</c>, an object a line for programs.</summary>
    /// <value>Default <c>text</c>.</value>
    [RegularExpression("text|json")]
    public string LogFormat { get; set; } = "text";
}

/// <summary>Checks <see cref="TelemetryOptions"/> at the start.</summary>
[OptionsValidator]
internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>;
