namespace EmergencyStop.Ledger.Tests.Sqlite;

/// <summary>A test on a ledger file of its own.</summary>
public abstract class LedgerTest : IAsyncLifetime, IAsyncDisposable
{
    private protected LedgerFile File { get; } = new();

    protected static CancellationToken None => CancellationToken.None;

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await File.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
