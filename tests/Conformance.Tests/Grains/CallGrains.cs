using EmergencyStop.Conformance.Tests.Hosting;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace EmergencyStop.Conformance.Tests.Grains;

[GenerateSerializer, Immutable, Alias("conformance-parcel")]
public sealed record Parcel(
    [property: Id(0)] string Text,
    [property: Id(1)] System.Collections.Immutable.ImmutableArray<int> Numbers,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] decimal Amount);

[GenerateSerializer, Alias("conformance-known-exception")]
public sealed class KnownException(string message, int code) : Exception(message)
{
    [Id(0)]
    public int Code { get; } = code;
}

/// <summary>No serializer knows it.</summary>
public sealed class UnknownException(string message) : Exception(message);

[Alias("conformance-calls")]
public interface ICalls : IGrainWithStringKey
{
    [Alias("echo")]
    Task<Parcel> EchoAsync(Parcel parcel);

    [Alias("echo-value")]
    ValueTask<int> EchoValueAsync(int value);

    [Alias("do-value")]
    ValueTask DoValueAsync();

    [Alias("nothing")]
    Task<string?> NothingAsync(string? nothing);

    [Alias("throw")]
    Task ThrowAsync(string what);

    [Alias("throw-value")]
    ValueTask<int> ThrowValueAsync(string what);

    [OneWay]
    [Alias("one-way")]
    Task OneWayAsync(string gate);

    [ResponseTimeout("00:00:01")]
    [Alias("hold-briefly")]
    Task HoldBrieflyAsync(string gate);

    [Alias("hold-until-cancelled")]
    Task<bool> HoldUntilCancelledAsync(string gate, CancellationToken cancellationToken);

    [Alias("note-cancellable")]
    Task NoteAsync(string note, CancellationToken cancellationToken);

    [ResponseTimeout("00:00:01")]
    [Alias("hold-past-timeout")]
    Task HoldPastTimeoutAsync(string gate, CancellationToken cancellationToken);

    [Alias("can-be-cancelled")]
    Task<bool> CanBeCancelledAsync(CancellationToken cancellationToken);

    [Alias("cancel-in-grain")]
    Task<string> CancelOtherAsync(ICalls other, string gate);

    [AlwaysInterleave]
    [Alias("context")]
    Task<string?> ContextAsync(string key);

    [Alias("context-of-other")]
    Task<string?> ContextOfOtherAsync(ICalls other, string key);

    [Alias("set-context")]
    Task SetContextAsync(string key, string value);

    [Alias("context-after-await")]
    Task<string?> ContextAfterAwaitAsync(string key);
}

public sealed class CallsGrain : Grain, ICalls
{
    private string Key => this.GetPrimaryKeyString();

    public Task<Parcel> EchoAsync(Parcel parcel) => Task.FromResult(parcel);

    public ValueTask<int> EchoValueAsync(int value) => ValueTask.FromResult(value);

    public async ValueTask DoValueAsync() => await Task.Yield();

    public Task<string?> NothingAsync(string? nothing) => Task.FromResult(nothing);

    public Task ThrowAsync(string what) => throw Make(what);

    public async ValueTask<int> ThrowValueAsync(string what)
    {
        await Task.Yield();
        throw Make(what);
    }

    public async Task OneWayAsync(string gate)
    {
        await Gates.Of(gate).PassAsync().WaitAsync(Cluster.Patience);
        Notes.Add(Key, "one way ends");
        throw new InvalidOperationException("nobody hears it");
    }

    public async Task HoldBrieflyAsync(string gate)
    {
        await Gates.Of(gate).PassAsync().WaitAsync(Cluster.Patience);
        Notes.Add(Key, "ran on");
    }

    public async Task<bool> HoldUntilCancelledAsync(string gate, CancellationToken cancellationToken)
    {
        var mine = TaskScheduler.Current;
        var cancelled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() => cancelled.TrySetResult(ReferenceEquals(mine, TaskScheduler.Current)));
        _ = Gates.Of(gate).PassAsync();
        var inTurn = await cancelled.Task.WaitAsync(Cluster.Patience, CancellationToken.None);
        Notes.Add(Key, inTurn ? "cancelled in a turn" : "cancelled elsewhere");
        return inTurn;
    }

    public Task NoteAsync(string note, CancellationToken cancellationToken)
    {
        Notes.Add(Key, note);
        return Task.CompletedTask;
    }

    public async Task HoldPastTimeoutAsync(string gate, CancellationToken cancellationToken)
    {
        await Gates.Of(gate).PassAsync().WaitAsync(Cluster.Patience, CancellationToken.None);
        Notes.Add(Key, $"cancelled by the timeout: {cancellationToken.IsCancellationRequested}");
    }

    public Task<bool> CanBeCancelledAsync(CancellationToken cancellationToken) => Task.FromResult(cancellationToken.IsCancellationRequested);

    public async Task<string> CancelOtherAsync(ICalls other, string gate)
    {
        using var source = new CancellationTokenSource();
        var call = other.HoldUntilCancelledAsync(gate, source.Token);
        await Cluster.EventuallyAsync(() => Gates.Of(gate).Reached == 1, "the other grain holds");
        await source.CancelAsync();
        try
        {
            await call;
            return "answered";
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
    }

    public Task<string?> ContextAsync(string key) => Task.FromResult(RequestContext.Get(key) as string);

    public Task<string?> ContextOfOtherAsync(ICalls other, string key) => other.ContextAsync(key);

    public Task SetContextAsync(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.CompletedTask;
    }

    public async Task<string?> ContextAfterAwaitAsync(string key)
    {
        await Task.Yield();
        await Task.Delay(1);
        return RequestContext.Get(key) as string;
    }

    private static Exception Make(string what) => what switch
    {
        "system" => new InvalidOperationException("outer", new TimeoutException("inner")) { Data = { ["key"] = "value" } },
        "argument" => new ArgumentException("no good", nameof(what)),
        "known" => new KnownException("known", 42),
        "unknown" => new UnknownException("unknown"),
        "unknown-inside" => new InvalidOperationException("outer", new UnknownException("unknown")),
        "aggregate" => new AggregateException("many", new InvalidOperationException("one"), new TimeoutException("two")),
        "cancelled" => new OperationCanceledException("cancelled"),
        _ => new ArgumentOutOfRangeException(nameof(what)),
    };
}
