using EmergencyStop.Conformance.Tests.Hosting;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;

namespace EmergencyStop.Conformance.Tests.Grains;

[GenerateSerializer, Alias("conformance-counter")]
public sealed class Counter
{
    [Id(0)]
    public int Count { get; set; }
}

[GenerateSerializer, Immutable, Alias("conformance-state-view")]
public sealed record StateView(
    [property: Id(0)] int Count,
    [property: Id(1)] bool Exists,
    [property: Id(2)] bool HasEtag,
    [property: Id(3)] int CountAtActivation);

[Alias("conformance-state")]
public interface IState : IGrainWithStringKey
{
    [Alias("view")]
    Task<StateView> ViewAsync();

    [Alias("set")]
    Task SetAsync(int count);

    [Alias("set-unwritten")]
    Task SetUnwrittenAsync(int count);

    [Alias("clear")]
    Task ClearAsync();

    [Alias("deactivate")]
    Task DeactivateAsync();

    [Alias("etags-change")]
    Task<bool> EtagsChangeAsync();

    /// <summary>Writes by one handle, then by another that has not seen it.</summary>
    [Alias("write-stale")]
    Task<string> WriteStaleAsync(bool letEscape);

    [Alias("write-twice")]
    Task<int> WriteTwiceAtOnceAsync();

    [Alias("reread")]
    Task<int> RereadAsync(int unwritten);
}

[Reentrant]
public sealed class StateGrain(
    [PersistentState("counter", Cluster.Store)] IPersistentState<Counter> state,
    [PersistentState("counter", Cluster.Store)] IPersistentState<Counter> rival) : Grain, IState
{
    private int _countAtActivation = -1;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _countAtActivation = state.State.Count;
        return Task.CompletedTask;
    }

    public Task<StateView> ViewAsync() =>
        Task.FromResult(new StateView(state.State.Count, state.RecordExists, !string.IsNullOrEmpty(state.Etag), _countAtActivation));

    public async Task SetAsync(int count)
    {
        state.State.Count = count;
        await state.WriteStateAsync();
    }

    public Task SetUnwrittenAsync(int count)
    {
        state.State.Count = count;
        return Task.CompletedTask;
    }

    public Task ClearAsync() => state.ClearStateAsync();

    public Task DeactivateAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<bool> EtagsChangeAsync()
    {
        await SetAsync(1);
        var first = state.Etag;
        await SetAsync(2);
        return first is not null && state.Etag is not null && first != state.Etag;
    }

    public async Task<string> WriteStaleAsync(bool letEscape)
    {
        await SetAsync(10);
        rival.State.Count = 20;
        try
        {
            await rival.WriteStateAsync();
            return "written";
        }
        catch (InconsistentStateException) when (!letEscape)
        {
            return "refused";
        }
    }

    public async Task<int> WriteTwiceAtOnceAsync()
    {
        state.State.Count = 1;
        var first = state.WriteStateAsync();
        state.State.Count = 2;
        var second = state.WriteStateAsync();
        await Task.WhenAll(first, second);
        await state.ReadStateAsync();
        return state.State.Count;
    }

    public async Task<int> RereadAsync(int unwritten)
    {
        state.State.Count = unwritten;
        await state.ReadStateAsync();
        return state.State.Count;
    }
}
