using System.Net;

namespace EmergencyStop.Silo.Tests.PostgreSql;

/// <content>On Orleans several processes share a database; a Solo service has it for itself.</content>
public sealed partial class PostgreSqlServiceTests
{
    [SkippableFact]
    public async Task ASecondService_IsRefusedWithOneSentence()
    {
        using var data = new TempFolder();
        using var other = new TempFolder();
        var key = await ServiceClient.MakeKeyAsync(Settings, data.Path, "engine");
        await using var first = await ServiceProcess.StartWithAsync(data.Path, Settings);
        var (code, said, error) = await ServiceProcess.RunWithAsync(Settings, "Silo", "--data", other.Path, "--urls", "http://127.0.0.1:0");
        Assert.Equal((2, string.Empty), (code, said));
        Assert.StartsWith("Another service runs on the ledger postgres on 127.0.0.1", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
        using var engine = ServiceClient.Of(first, key);
        Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("alice")).Status);
        var (_, ledger) = await engine.GetAsync("emergency-stop/status");
        Assert.Contains("postgresql", ledger.ToJsonString(), StringComparison.Ordinal);
    }
}
