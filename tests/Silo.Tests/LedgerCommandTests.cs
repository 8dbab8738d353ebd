using System.Net;
using Microsoft.Data.Sqlite;

namespace EmergencyStop.Silo.Tests;

/// <summary>The ledger is checked, copied, and put back.</summary>
[Trait("Host", "Any")]
public sealed class LedgerCommandTests(TradedLedger traded) : IClassFixture<TradedLedger>
{
    [Fact]
    public async Task Check_OfASoundLedger_SaysSoSixTimes()
    {
        var (good, lines, _) = await ServiceProcess.RunAsync("Silo", "ledger", "check", "--data", traded.Folder);
        Assert.True(good == 0, lines);
        Assert.Equal(6, lines.Split('\n').Count(l => l.StartsWith("ok ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'nobody' WHERE sequence = 2", "audit")]
    [InlineData("UPDATE gate SET number = number - 1", "gate")]
    [InlineData("DELETE FROM latches", "latches")]
    [InlineData("UPDATE stops SET release_number = number, released_by = 'x', released_at = 1, release_reason = 'x'", "latches")]
    [InlineData("UPDATE orders SET ended_after = 1", "orders")]
    [InlineData("INSERT INTO schema_version VALUES (99, 'later')", "schema")]
    [InlineData("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX orders_active ON orders (state) WHERE ended_after IS NULL' WHERE name = 'orders_active'", "file")]
    public async Task Check_NamesWhatIsWrong(string harm, string named)
    {
        using var data = new TempFolder();
        traded.CopyTo(data.Path);
        await using (var file = new SqliteConnection($"Data Source={Ledger(data)};Pooling=False"))
        {
            await file.OpenAsync();
            await using var change = file.CreateCommand();
            change.CommandText = harm;
            await change.ExecuteNonQueryAsync();
        }

        var (bad, found, _) = await ServiceProcess.RunAsync("Silo", "ledger", "check", "--data", data.Path);
        Assert.Equal(1, bad);
        Assert.Contains($"FAILED  {named} ", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutALedger_TheCommandsSaySo()
    {
        using var data = new TempFolder();
        Assert.Equal(2, (await ServiceProcess.RunAsync("Silo", "ledger", "check", "--data", data.Path)).Code);
        Assert.Equal(2, (await ServiceProcess.RunAsync("Silo", "ledger", "backup", Path.Combine(data.Path, "b.db"), "--data", data.Path)).Code);
        Assert.Empty(Directory.GetFiles(data.Path));
    }

    [Fact]
    public async Task Backup_WhileOrdersArePlaced_IsOfOneMoment_AndOverwritesNothing()
    {
        using var data = new TempFolder();
        using var elsewhere = new TempFolder();
        var backup = Path.Combine(elsewhere.Path, "ledger.db");
        var key = await ServiceClient.MakeKeyAsync(data.Path, "admin");
        await using (var service = await ServiceProcess.StartSiloAsync(data.Path))
        {
            using var engine = ServiceClient.Of(service, key);
            var placing = PlaceAsync(engine, 300);
            var (made, said, error) = await BackupAsync(data, backup);
            Assert.True(made == 0, said + error);
            await placing;
            Assert.Equal(2, (await BackupAsync(data, backup)).Code);
            Assert.Equal([backup], Directory.GetFiles(elsewhere.Path));
        }

        var (good, lines, _) = await ServiceProcess.RunAsync("Silo", "ledger", "check", "--data", elsewhere.Path);
        Assert.True(good == 0, lines);
    }

    private static string Ledger(TempFolder data) => Path.Combine(data.Path, "ledger.db");

    private static Task<(int Code, string Output, string Error)> BackupAsync(TempFolder data, string file) =>
        ServiceProcess.RunAsync("Silo", "ledger", "backup", file, "--data", data.Path);

    private static async Task PlaceAsync(ServiceClient engine, int orders)
    {
        for (var i = 0; i < orders; i++)
        {
            Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("alice")).Status);
        }
    }
}
