using EmergencyStop.Conformance.Tests.Hosting;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;

namespace EmergencyStop.Conformance.Tests.Grains;

[Alias("conformance-lifecycle")]
public interface ILifecycle : IGrainWithStringKey
{
    /// <summary>Which activation this is: the count of those there were of the grain.</summary>
    [Alias("activation")]
    Task<int> ActivationAsync();

    [Alias("deactivate")]
    Task DeactivateAsync();

    [Alias("deactivate-and-hold")]
    Task DeactivateAndHoldAsync(string gate);

    [AlwaysInterleave]
    [Alias("activation-interleaving")]
    Task<int> ActivationInterleavingAsync();

    [Alias("hold-deactivation")]
    Task HoldDeactivationAsync(string gate);
}

public class LifecycleGrain(Greeting greeting) : Grain, ILifecycle
{
    private int _activation;
    private string? _deactivationGate;

    private string Key => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        _activation = Notes.Of(Key).Count(note => note == "activated") + 1;
        Notes.Add(Key, "activated");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Notes.Add(Key, $"deactivating {reason.ReasonCode}");
        if (_deactivationGate is { } gate)
        {
            await Gates.Of(gate).PassAsync().WaitAsync(Cluster.Patience, cancellationToken);
        }

        await GrainFactory.GetGrain<ITurns>($"{Key}-other").NoteAsync($"{greeting.Text} from a deactivation");
        Notes.Add(Key, "deactivated");
    }

    public Task<int> ActivationAsync()
    {
        Notes.Add(Key, "called");
        return Task.FromResult(_activation);
    }

    public Task<int> ActivationInterleavingAsync() => ActivationAsync();

    public Task DeactivateAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task DeactivateAndHoldAsync(string gate)
    {
        DeactivateOnIdle();
        await Gates.Of(gate).PassAsync().WaitAsync(Cluster.Patience);
        Notes.Add(Key, "request ends");
    }

    public Task HoldDeactivationAsync(string gate)
    {
        _deactivationGate = gate;
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

[Alias("conformance-idle")]
public interface IIdle : IGrainWithStringKey
{
    [Alias("start")]
    Task StartAsync(bool keepAlive, bool delay);
}

[CollectionAgeLimit("00:00:02")]
public sealed class IdleGrain : Grain, IIdle
{
    public Task StartAsync(bool keepAlive, bool delay)
    {
        var every = TimeSpan.FromMilliseconds(200);
        this.RegisterGrainTimer(() => Task.CompletedTask, new GrainTimerCreationOptions(every, every) { KeepAlive = keepAlive });
        if (delay)
        {
            DelayDeactivation(Cluster.Patience);
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Notes.Add(this.GetPrimaryKeyString(), $"{reason.ReasonCode}");
        return Task.CompletedTask;
    }
}

[Alias("conformance-unlucky")]
public interface IUnlucky : IGrainWithStringKey
{
    [Alias("attempts")]
    Task<int> AttemptsAsync();
}

/// <summary>Its first activation fails; the second does not.</summary>
public sealed class UnluckyGrain : Grain, IUnlucky
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        Notes.Add(key, "attempt");
        return Notes.Of(key).Count == 1 ? throw new InvalidOperationException("no luck") : Task.CompletedTask;
    }

    public Task<int> AttemptsAsync() => Task.FromResult(Notes.Of(this.GetPrimaryKeyString()).Count);
}

[Alias("conformance-stillborn")]
public interface IStillborn : IGrainWithStringKey
{
    [Alias("call")]
    Task CallAsync();
}

public sealed class StillbornGrain : Grain, IStillborn
{
    public StillbornGrain() => throw new InvalidOperationException("stillborn");

    public Task CallAsync() => Task.CompletedTask;
}

[Alias("conformance-integer-key")]
public interface IIntegerKey : IGrainWithIntegerKey
{
    [Alias("key")]
    Task<long> KeyAsync();
}

public sealed class IntegerKeyGrain : Grain, IIntegerKey
{
    public Task<long> KeyAsync() => Task.FromResult(this.GetPrimaryKeyLong());
}

[Alias("conformance-guid-key")]
public interface IGuidKey : IGrainWithGuidKey
{
    [Alias("key")]
    Task<Guid> KeyAsync();
}

public sealed class GuidKeyGrain : Grain, IGuidKey
{
    public Task<Guid> KeyAsync() => Task.FromResult(this.GetPrimaryKey());
}

[Alias("conformance-injected")]
public interface IInjected : IGrainWithStringKey
{
    [Alias("greet")]
    Task<string> GreetAsync();

    [Alias("pass-on")]
    Task<string> PassOnAsync(IInjected other);
}

/// <summary>No base class, and everything by constructor.</summary>
public sealed class InjectedGrain(
    Greeting greeting,
    IGrainFactory grains,
    IGrainContext context,
    [PersistentState("counter", Cluster.Store)] IPersistentState<Counter> counter) : IGrainBase, IInjected
{
    public IGrainContext GrainContext { get; } = context;

    public Task<string> GreetAsync() =>
        Task.FromResult($"{greeting.Text} {GrainContext.GrainId.Key} {counter.State.Count} {grains.GetGrain<IInjected>("x").GetPrimaryKeyString()}");

    public Task<string> PassOnAsync(IInjected other) => other.GreetAsync();
}
