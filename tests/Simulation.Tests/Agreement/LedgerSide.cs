using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Sqlite;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>One of the two ledgers.</summary>
internal abstract class LedgerSide : IAsyncDisposable
{
    /// <summary>What a difference calls it.</summary>
    public abstract string Name { get; }

    public abstract ILedger Ledger { get; }

    /// <summary>As if the process ended and another one began.</summary>
    public abstract Task ReopenAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>The SQLite ledger in a file of its own, in memory where there is such a folder.</summary>
internal sealed class SqliteSide : LedgerSide
{
    private const string InMemory = "/dev/shm";
    private static readonly TimeSpan NeverCut = TimeSpan.FromMinutes(1);
    private readonly string _folder;
    private readonly TimeProvider _time;
    private SqliteLedger _ledger;

    private SqliteSide(string folder, TimeProvider time, SqliteLedger ledger) => (_folder, _time, _ledger) = (folder, time, ledger);

    public override string Name => "sqlite";

    public override ILedger Ledger => _ledger;

    public static async Task<LedgerSide> OpenAsync(TimeProvider time)
    {
        var folder = Directory.Exists(InMemory)
            ? Directory.CreateDirectory(Path.Combine(InMemory, $"agreement-{Path.GetRandomFileName()}")).FullName
            : Directory.CreateTempSubdirectory("agreement-").FullName;
        return new SqliteSide(folder, time, await OpenAsync(folder, time));
    }

    public override async Task ReopenAsync()
    {
        await _ledger.DisposeAsync();
        _ledger = await OpenAsync(_folder, _time);
    }

    public override async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A slice ends by its rows only, never by the clock of a busy machine: where it is cut can be seen in the audit.</summary>
    private static Task<SqliteLedger> OpenAsync(string folder, TimeProvider time) => SqliteLedger.OpenAsync(
        new() { Path = Path.Combine(folder, "ledger.db"), BatchBudget = NeverCut, Readers = 1, WriterCacheKiB = 2_048, ReaderCacheKiB = 2_048 }, time);
}
