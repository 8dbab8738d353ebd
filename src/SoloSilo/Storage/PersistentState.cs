using Microsoft.Extensions.DependencyInjection;
using Orleans.Core;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Solo;

/// <summary>The state of one constructor parameter of one activation.</summary>
internal static class PersistentState
{
    public static IStorage Create(Type parameterType, PersistentStateAttribute attribute, Activation activation)
    {
        if (!parameterType.IsGenericType || parameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansException($"[PersistentState(\"{attribute.StateName}\")] is on a parameter of type {parameterType}. It belongs on an IPersistentState<T>.");
        }

        var store = attribute.StorageName is { } name
            ? activation.ActivationServices.GetKeyedService<IGrainStorage>(name)
            : activation.ActivationServices.GetService<IGrainStorage>();
        return store is null
            ? throw new OrleansException($"No grain storage is registered {(attribute.StorageName is null ? "as the default" : $"as '{attribute.StorageName}'")}. Add it with AddGrainStorage.")
            : (IStorage)Activator.CreateInstance(
                typeof(PersistentState<>).MakeGenericType(parameterType.GetGenericArguments()), attribute.StateName, activation, store)!; // a class with that constructor
    }
}

/// <inheritdoc cref="PersistentState" />
/// <remarks>Operations of one state run one after another in the order they were begun, as in Orleans.</remarks>
internal sealed class PersistentState<TState>(string stateName, Activation activation, IGrainStorage store) : IPersistentState<TState>
{
    private readonly GrainState<TState> _state = new(Activator.CreateInstance<TState>());
    private Task _last = Task.CompletedTask;

    public TState State
    {
        get => _state.State;
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _state.RecordExists;

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) =>
        InOrder("read", token => store.ReadStateAsync(stateName, activation.GrainId, _state, token), cancellationToken);

    public Task WriteStateAsync(CancellationToken cancellationToken) =>
        InOrder("write", token => store.WriteStateAsync(stateName, activation.GrainId, _state, token), cancellationToken);

    public Task ClearStateAsync(CancellationToken cancellationToken) =>
        InOrder("clear", token => store.ClearStateAsync(stateName, activation.GrainId, _state, token), cancellationToken);

    private Task InOrder(string operation, Func<CancellationToken, Task> run, CancellationToken cancellationToken) =>
        _last = RunAsync(_last, operation, run, cancellationToken);

    private async Task RunAsync(Task before, string operation, Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            await run(cancellationToken);
        }
        catch (Exception exception) when (exception is not OrleansException and not OperationCanceledException)
        {
            throw new OrleansException($"Storage could not {operation} state '{stateName}' of grain {activation.GrainId}: {exception.Message}", exception);
        }
    }
}
