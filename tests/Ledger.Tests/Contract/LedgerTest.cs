namespace EmergencyStop.Ledger.Tests.Contract;

/// <summary>A test on a ledger of its own.</summary>
public abstract class LedgerTest(LedgerKind kind = LedgerKind.Sqlite) : IAsyncLifetime, IAsyncDisposable
{
    private protected LedgerFile File { get; } = new(kind);

    protected static CancellationToken None => CancellationToken.None;

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await File.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
