using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>What the parts of the one silo share.</summary>
internal sealed class SoloRuntime
{
    private readonly Lock _randomGate = new();

    public SoloRuntime(IServiceProvider services, IOptions<SoloSiloOptions> options, ILogger<SoloRuntime> logger)
        : this(services, options, logger, like: null)
    {
    }

    /// <summary>A silo that hosts the same classes as another one with the same options, and counts with it.</summary>
    internal SoloRuntime(IServiceProvider services, IOptions<SoloSiloOptions> options, ILogger logger, SoloRuntime? like)
    {
        Services = services;
        Options = options.Value;
        Logger = logger;
        Time = Options.TimeProvider ?? services.GetService<TimeProvider>() ?? TimeProvider.System;
        PendingCalls = new PendingCalls();
        Manifest = like?.Manifest ?? new GrainManifest(this);
        Proxies = new ProxyFactory(this, like?.Proxies);
        Activations = new ActivationDirectory(this);
    }

    public IServiceProvider Services { get; }

    public SoloSiloOptions Options { get; }

    public ILogger Logger { get; }

    public TimeProvider Time { get; }

    public PendingCalls PendingCalls { get; }

    public GrainManifest Manifest { get; }

    public ProxyFactory Proxies { get; }

    public ActivationDirectory Activations { get; }

    /// <summary>What carries calls and their answers, if that is not memory.</summary>
    internal ICallCarrier? Carrier { get; init; }

    /// <summary>A span in the unit of <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long ToTimestampTicks(TimeSpan span) => span == Timeout.InfiniteTimeSpan
        ? long.MaxValue / 4 // so far off that sums of it do not overflow
        : (long)Math.Min(span.TotalSeconds * Time.TimestampFrequency, long.MaxValue / 4.0);

    /// <summary>The reverse of <see cref="ToTimestampTicks"/>.</summary>
    public TimeSpan ToTimeSpan(long timestampTicks) => TimeSpan.FromSeconds((double)timestampTicks / Time.TimestampFrequency);

    public ActivationId NewActivationId()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_randomGate)
        {
            Options.Random.NextBytes(bytes);
        }

        return new ActivationId(new Guid(bytes));
    }
}
