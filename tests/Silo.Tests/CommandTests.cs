using Microsoft.Data.Sqlite;

namespace EmergencyStop.Silo.Tests;

/// <summary>The command line, as a person or a script uses it.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task AuditVerify_NamesTheFirstBrokenEntry_AndExitsWith1()
    {
        using var data = new TempFolder();
        await ServiceClient.MakeKeyByCommandAsync(data.Path, "engine");
        await ServiceClient.MakeKeyByCommandAsync(data.Path, "viewer");
        await ServiceClient.MakeKeyByCommandAsync(data.Path, "admin");
        Assert.Equal(0, (await ServiceProcess.RunAsync("Silo", "audit", "verify", "--data", data.Path)).Code);

        await using (var file = new SqliteConnection($"Data Source={Path.Combine(data.Path, "ledger.db")};Pooling=False"))
        {
            await file.OpenAsync();
            await using var change = file.CreateCommand();
            change.CommandText = "UPDATE audit SET actor = 'nobody' WHERE sequence = 2";
            Assert.Equal(1, await change.ExecuteNonQueryAsync());
        }

        var (code, _, error) = await ServiceProcess.RunAsync("Silo", "audit", "verify", "--data", data.Path);
        Assert.Equal(1, code);
        Assert.Contains("entry 2", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AuditVerify_WithoutALedger_SaysSo()
    {
        using var data = new TempFolder();
        var (code, _, error) = await ServiceProcess.RunAsync("Silo", "audit", "verify", "--data", data.Path);
        Assert.Equal(2, code);
        Assert.Contains("no ledger", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_MadeWhileTheServiceRuns_WorkAtOnce_AndRevokedOnesStopWithinASecond()
    {
        using var data = new TempFolder();
        await using var service = await ServiceProcess.StartSiloAsync(data.Path);
        var key = await ServiceClient.MakeKeyByCommandAsync(data.Path, "viewer");
        using var viewer = ServiceClient.Of(service, key);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await viewer.GetAsync("emergency-stop/status")).Status);

        var (_, list, _) = await ServiceProcess.RunAsync("Silo", "keys", "list", "--data", data.Path);
        Assert.DoesNotContain(key, list, StringComparison.Ordinal);
        var id = list.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        Assert.Equal(0, (await ServiceProcess.RunAsync("Silo", "keys", "revoke", id, "--data", data.Path)).Code);
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await viewer.GetAsync("emergency-stop/status")).Status);
    }

    [Theory]
    [InlineData("keys create --role trader --name t", "--user")]
    [InlineData("keys create --role trader --user a/b --name t", "--user")]
    [InlineData("keys create --role king --name t", "king")]
    [InlineData("--venue-url nowhere", "--venue-url")]
    [InlineData("--no-such-option", "--no-such-option")]
    public async Task BadInput_IsNamed_AndChangesNothing(string line, string named)
    {
        using var data = new TempFolder();
        var (code, output, error) = await ServiceProcess.RunAsync("Silo", [.. line.Split(' '), "--data", data.Path]);
        Assert.NotEqual(0, code);
        Assert.Contains(named, output + error, StringComparison.Ordinal);
        var (_, list, _) = await ServiceProcess.RunAsync("Silo", "keys", "list", "--data", data.Path);
        Assert.Equal(string.Empty, list.Trim());
    }
}
