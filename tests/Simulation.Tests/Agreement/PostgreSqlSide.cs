using EmergencyStop.Ledger;
using EmergencyStop.Ledger.PostgreSql;
using EmergencyStop.Ledger.Tests.PostgreSql;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>The PostgreSQL ledger in a database of its own.</summary>
internal sealed class PostgreSqlSide : LedgerSide
{
    private static readonly TimeSpan NeverCut = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly PostgreSqlDatabase _database;
    private readonly TimeProvider _time;
    private PostgreSqlLedger _ledger;

    private PostgreSqlSide(PostgreSqlDatabase database, TimeProvider time, PostgreSqlLedger ledger) => (_database, _time, _ledger) = (database, time, ledger);

    public override string Name => "postgresql";

    public override ILedger Ledger => _ledger;

    public static async Task<LedgerSide> OpenAsync(TimeProvider time)
    {
        var database = await PostgreSqlDatabase.CreateAsync();
        return new PostgreSqlSide(database, time, await OpenAsync(database, time));
    }

    public override async Task ReopenAsync()
    {
        await _ledger.DisposeAsync();
        _ledger = await OpenAsync(_database, _time);
    }

    public override async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static Task<PostgreSqlLedger> OpenAsync(PostgreSqlDatabase database, TimeProvider time) => PostgreSqlLedger.OpenAsync(
        database.ConnectionString, new() { BatchBudget = NeverCut, Readers = 1, ConnectTimeout = Patience, WriteTimeout = Patience, IdleTimeout = Patience }, alone: true, time);
}
