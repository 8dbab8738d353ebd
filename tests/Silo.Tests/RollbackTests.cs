using System.Net;

namespace EmergencyStop.Silo.Tests;

/// <summary>A ledger that is behind what was seen keeps SYSTEM latched.</summary>
[Trait("Host", "Any")]
public sealed class RollbackTests
{
    [Fact]
    public async Task ARestoredBackup_LatchesSystem_UntilARiskOfficerReleasesIt()
    {
        using var data = new TempFolder();
        using var elsewhere = new TempFolder();
        var backup = Path.Combine(elsewhere.Path, "ledger.db");
        var key = await ServiceClient.MakeKeyAsync(data.Path, "admin");
        var officerKey = await ServiceClient.MakeKeyAsync(data.Path, "risk_officer");
        await using (var service = await ServiceProcess.StartSiloAsync(data.Path))
        {
            using var engine = ServiceClient.Of(service, key);
            await PlaceAsync(engine, 20);
            Assert.Equal(0, (await ServiceProcess.RunAsync("Silo", "ledger", "backup", backup, "--data", data.Path)).Code);
            await PlaceAsync(engine, 20);
            await Task.Delay(TimeSpan.FromSeconds(2)); // The number is noted once a second.
            await service.KillAsync();
        }

        Restore(data, backup);

        string stop;
        await using (var service = await ServiceProcess.StartSiloAsync(data.Path))
        {
            using var engine = ServiceClient.Of(service, key);
            using var officer = ServiceClient.Of(service, officerKey);
            var (refused, problem) = await engine.PlaceAsync("alice");
            Assert.Equal(((HttpStatusCode)423, "gate_closed"), (refused, problem["code"]!.GetValue<string>()));
            stop = problem["stop_id"]!.GetValue<string>();
            var whole = await officer.UntilAsync($"emergency-stop/stops/{stop}", s => s["state"]?.GetValue<string>() == "completed");
            Assert.Contains("ledger rollback", whole.ToJsonString(), StringComparison.Ordinal);
            Assert.Contains("SYSTEM_ERROR", whole.ToJsonString(), StringComparison.Ordinal);
            Assert.Contains("SYSTEM is latched", service.Output, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await officer.PostAsync($"emergency-stop/stops/{stop}/release", new { reason = "reconciled" })).Status);
            Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("bob", "s2")).Status);
            Assert.Equal(0, await service.TerminateAsync());
        }

        await using var again = await ServiceProcess.StartSiloAsync(data.Path); // What was released stays released.
        using var trading = ServiceClient.Of(again, key);
        Assert.Equal(HttpStatusCode.Created, (await trading.PlaceAsync("bob", "s2")).Status);
    }

    [Theory]
    [InlineData("00000000000000000010 00000000000000000011\n")]
    [InlineData("rubbish")]
    public async Task ANoteThatCannotBeRead_LatchesSystem(string note)
    {
        using var data = new TempFolder();
        var key = await ServiceClient.MakeKeyAsync(data.Path, "engine");
        await File.WriteAllTextAsync(Path.Combine(data.Path, "ledger.seen"), note);
        await using var service = await ServiceProcess.StartSiloAsync(data.Path);
        using var engine = ServiceClient.Of(service, key);
        Assert.Equal((HttpStatusCode)423, (await engine.PlaceAsync("alice")).Status);
    }

    /// <summary>The ledger with its log goes away as one; the backup is complete by itself.</summary>
    private static void Restore(TempFolder data, string backup)
    {
        foreach (var part in (string[])["", "-wal", "-shm"])
        {
            File.Delete(Path.Combine(data.Path, "ledger.db") + part);
        }

        File.Copy(backup, Path.Combine(data.Path, "ledger.db"));
    }

    private static async Task PlaceAsync(ServiceClient engine, int orders)
    {
        for (var i = 0; i < orders; i++)
        {
            Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("alice")).Status);
        }
    }
}
