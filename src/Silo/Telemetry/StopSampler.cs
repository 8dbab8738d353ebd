using System.Diagnostics;
using OpenTelemetry.Trace;

namespace EmergencyStop.Silo.Telemetry;

/// <summary>Keeps every trace that a stop or a release begins, and a share of the others.</summary>
/// <remarks>
/// A request's path is not known yet when its span is sampled. So the span of a request that chance leaves out is made
/// all the same but not exported, until <see cref="Keep"/> has seen the path; what is under it follows its mark.
/// </remarks>
internal sealed class StopSampler(double ratio) : Sampler
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private readonly TraceIdRatioBasedSampler _others = new(ratio);

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (samplingParameters.Name.StartsWith("stop.", StringComparison.Ordinal))
        {
            return new(SamplingDecision.RecordAndSample);
        }

        var chance = _others.ShouldSample(samplingParameters);
        return chance.Decision == SamplingDecision.Drop && samplingParameters.Name == Request ? new(SamplingDecision.RecordOnly) : chance;
    }

    /// <summary>Marks the span of a request that stops or releases to be exported.</summary>
    public static void Keep(Activity span, HttpRequest request)
    {
        if (HttpMethods.IsPost(request.Method) && request.Path.Value?.Contains("/emergency-stop/", StringComparison.OrdinalIgnoreCase) == true)
        {
            span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        }
    }
}
