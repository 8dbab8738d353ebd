using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>Starts the silo with the host, watches over calls and idle activations, and ends all with the host.</summary>
internal sealed class SoloSiloHostedService(SoloRuntime runtime, ILogger<SoloSiloHostedService> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan LongestTimeoutCheck = TimeSpan.FromSeconds(1);

    private ITimer? _timeouts;
    private ITimer? _collection;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var check = runtime.Options.ResponseTimeout < LongestTimeoutCheck ? runtime.Options.ResponseTimeout : LongestTimeoutCheck;
        _timeouts = runtime.Time.CreateTimer(_ => TimeOutCalls(), null, check, check);
        _collection = runtime.Time.CreateTimer(_ => CollectIdle(), null, runtime.Options.CollectionQuantum, runtime.Options.CollectionQuantum);
        Log.Started(logger, runtime.Manifest.Classes.Length, runtime.Manifest.Contracts.Length);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(runtime.Options.StopTimeout, runtime.Time);
        using var haste = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        Log.Stopping(logger, runtime.Activations.Count);
        runtime.Activations.Close();
        try
        {
            // Again, as one may have been under way when the door was closed.
            while (runtime.Activations.All is { Count: > 0 } ending)
            {
                await Task.WhenAll(ending.Select(activation => EndAsync(activation, haste.Token))).WaitAsync(haste.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Log.StoppedUnfinished(logger, runtime.Activations.Count, runtime.PendingCalls.Count);
        }

        foreach (var call in runtime.PendingCalls.Where(_ => true))
        {
            call.Refuse(new SiloUnavailableException("The silo has stopped."));
        }

        Dispose();
    }

    public void Dispose()
    {
        _timeouts?.Dispose();
        _collection?.Dispose();
    }

    private static Task EndAsync(Activation activation, CancellationToken haste)
    {
        activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "The process stops."), haste);
        return activation.Deactivated;
    }

    private void TimeOutCalls()
    {
        var now = runtime.Time.GetTimestamp();
        foreach (var call in runtime.PendingCalls.Where(call => now - call.SentAt > call.Method.TimeoutTicks))
        {
            call.TimeOut(call.Method.Timeout);
        }
    }

    private void CollectIdle()
    {
        var now = runtime.Time.GetTimestamp();
        foreach (var activation in runtime.Activations.Where(activation => activation.SeemsIdle(now)))
        {
            activation.PostCollection();
        }

        var bound = runtime.Options.MaxRequestProcessingTime;
        var ticks = runtime.ToTimestampTicks(bound);
        foreach (var activation in runtime.Activations.Where(activation => activation.DeactivatingSince is var since and > 0 && now - since > ticks))
        {
            Log.StuckActivation(logger, activation.GrainId, bound);
            runtime.Activations.Remove(activation);
            activation.PostAbandonment();
        }
    }
}
