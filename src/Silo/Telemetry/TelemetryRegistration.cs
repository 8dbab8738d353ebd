using System.Diagnostics;
using EmergencyStop.Telemetry;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EmergencyStop.Silo.Telemetry;

/// <summary>Registers what the service tells of itself: the log always, metrics and traces where they have somewhere to go.</summary>
internal static class TelemetryRegistration
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    /// <summary>Adds the log on standard output.</summary>
    public static void AddLogging(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<TelemetryOptions>().Bind(builder.Configuration.GetSection(TelemetryOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        builder.Logging.ClearProviders();
        builder.Logging.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId);
        if (builder.Configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.LogFormat)}"] == "json")
        {
            builder.Logging.AddJsonConsole(json =>
            {
                json.TimestampFormat = TimestampFormat.TrimEnd();
                json.UseUtcTimestamp = true;
                json.IncludeScopes = true; // The trace id, and the stop id where something is done for one.
            });
        }
        else
        {
            builder.Logging.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.TimestampFormat = TimestampFormat;
                text.UseUtcTimestamp = true;
                text.ColorBehavior = LoggerColorBehavior.Default;
            });
        }
    }

    /// <summary>Adds metrics and traces over OTLP, if an endpoint is set.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration[EndpointVariable]))
        {
            return;
        }

        var ratio = builder.Configuration.GetValue($"{TelemetryOptions.Section}:{nameof(TelemetryOptions.TraceRatio)}", new TelemetryOptions().TraceRatio);
        builder.Services.AddHostedService<ServiceGauges>();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("emergency-stop", serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}"))
            .WithMetrics(metrics => metrics
                .AddMeter(ServiceTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Orleans")
                .AddRuntimeInstrumentation()
                .AddOtlpExporter((_, reader) => reader.TemporalityPreference = MetricReaderTemporalityPreference.Cumulative))
            .WithTracing(traces => traces
                .SetSampler(new ParentBasedSampler(new StopSampler(double.IsFinite(ratio) ? Math.Clamp(ratio, 0, 1) : 0)))
                .AddSource(ServiceTelemetry.Name, "Microsoft.Orleans.Application")
                .AddAspNetCoreInstrumentation(static web =>
                {
                    web.Filter = static http => !http.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);
                    web.EnrichWithHttpRequest = StopSampler.Keep;
                })
                .AddHttpClientInstrumentation()
                .AddOtlpExporter());
    }
}
