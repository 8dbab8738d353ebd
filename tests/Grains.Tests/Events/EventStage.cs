using EmergencyStop.Events;
using EmergencyStop.Grains.Events;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Tests.Events;

/// <summary>A ledger with an outbox, and dispatchers that deliver from it with short waits.</summary>
internal sealed class EventStage : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("events-").FullName;
    private readonly List<EventDispatcher> _started = [];

    private EventStage()
    {
    }

    public SqliteLedger Ledger { get; private set; } = null!; // OpenAsync sets it.

    public EventOptions Options { get; } = new()
    {
        RetryAfter = TimeSpan.FromMilliseconds(10),
        HandlerTimeout = TimeSpan.FromMilliseconds(300),
        Lease = TimeSpan.FromSeconds(2),
        PollEvery = TimeSpan.FromMilliseconds(20),
    };

    public static CancellationToken None => CancellationToken.None;

    public static async Task<EventStage> OpenAsync()
    {
        var stage = new EventStage();
        stage.Ledger = await SqliteLedger.OpenAsync(new() { Path = Path.Combine(stage._folder, "ledger.db") }, TimeProvider.System);
        return stage;
    }

    /// <summary>A process with these handlers; each of them is known to the ledger when this returns.</summary>
    public Task<EventDispatcher> StartAsync(params IEventHandler[] handlers) => StartAsync(Ledger, NullLogger<EventDispatcher>.Instance, handlers);

    public async Task<EventDispatcher> StartAsync(ILedger ledger, ILogger<EventDispatcher> log, params IEventHandler[] handlers)
    {
        var dispatcher = new EventDispatcher(handlers, ledger, new RandomIds(TimeProvider.System), TimeProvider.System, Microsoft.Extensions.Options.Options.Create(Options), log);
        _started.Add(dispatcher);
        await dispatcher.StartAsync(None);
        await UntilAsync(async () => (await Ledger.ConsumersAsync(None)).Select(c => c.Name).ToHashSet(StringComparer.Ordinal).IsSupersetOf(handlers.Select(h => h.Name)));
        return dispatcher;
    }

    public async Task<long> AppendAsync(string type = "risk.tested", string subject = "r1") =>
        await Ledger.AppendEventAsync(new(type, subject, TimeProvider.System.GetUtcNow(), EventAudience.Desk, "{}"), None);

    public async Task<IReadOnlyList<EventSetAside>> SetAsideAsync() => (await Ledger.EventsSetAsideAsync(new(), None)).Items;

    public static async Task UntilAsync(Func<Task<bool>> enough)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await enough())
        {
            await Task.Delay(5, bound.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var dispatcher in _started)
        {
            await dispatcher.StopAsync(None);
            dispatcher.Dispose();
        }

        await Ledger.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
