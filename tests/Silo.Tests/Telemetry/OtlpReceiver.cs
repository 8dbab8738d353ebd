using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Silo.Tests.Telemetry;

/// <summary>A metric as it was exported: its name, its unit, what kind it is, and the attributes of its points.</summary>
internal sealed record ExportedMetric(string Name, string Unit, string Kind, IReadOnlyList<Dictionary<string, string>> Points)
{
    /// <summary>The names under which Prometheus knows it, by the rules of its OTLP receiver.</summary>
    public IEnumerable<string> PrometheusNames
    {
        get
        {
            var unit = Unit switch { "s" => "_seconds", "By" => "_bytes", _ => string.Empty };
            var name = Name.Replace('.', '_') + unit;
            return Kind switch
            {
                "counter" => [$"{name}_total"],
                "histogram" => [$"{name}_bucket", $"{name}_sum", $"{name}_count"],
                _ => [name],
            };
        }
    }
}

/// <summary>A span as it was exported.</summary>
internal sealed record ExportedSpan(string TraceId, string SpanId, string ParentId, string Name, Dictionary<string, string> Attributes, IReadOnlyList<string> LinkedTraces);

/// <summary>Accepts what OpenTelemetry exports over HTTP and protobuf.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ExportedMetric> _metrics = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ExportedSpan> _spans = new();

    private OtlpReceiver(WebApplication app)
    {
        _app = app;
        app.MapPost("/v1/metrics", http => TakeAsync(http, ReadMetrics));
        app.MapPost("/v1/traces", http => TakeAsync(http, ReadSpans));
    }

    public IReadOnlyDictionary<string, ExportedMetric> Metrics => _metrics;

    public IReadOnlyCollection<ExportedSpan> Spans => _spans;

    /// <summary>What a service needs to export to here.</summary>
    public Dictionary<string, string> Environment => new(StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["Telemetry__ReadEvery"] = "00:00:01",
    };

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        await receiver._app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task TakeAsync(HttpContext http, Action<ProtobufFields> read)
    {
        using var memory = new MemoryStream();
        await http.Request.Body.CopyToAsync(memory);
        read(new(memory.ToArray()));
        http.Response.ContentType = "application/x-protobuf";
    }

    private void ReadMetrics(ProtobufFields request)
    {
        foreach (var metric in request.Messages(1).SelectMany(r => r.Messages(2)).SelectMany(s => s.Messages(2)))
        {
            var (kind, points) = metric.Has(7) ? ("counter", metric.Messages(7).First().Messages(1).Select(p => p.Attributes(7)))
                : metric.Has(9) ? ("histogram", metric.Messages(9).First().Messages(1).Select(p => p.Attributes(9)))
                : ("gauge", metric.Messages(5).SelectMany(g => g.Messages(1)).Select(p => p.Attributes(7)));
            var name = metric.Text(1);
            _metrics[name] = new(name, metric.Text(3), kind, [.. points]);
        }
    }

    private void ReadSpans(ProtobufFields request)
    {
        foreach (var span in request.Messages(1).SelectMany(r => r.Messages(2)).SelectMany(s => s.Messages(2)))
        {
            _spans.Enqueue(new(span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), span.Attributes(9), [.. span.Messages(13).Select(l => l.Hex(1))]));
        }
    }
}
