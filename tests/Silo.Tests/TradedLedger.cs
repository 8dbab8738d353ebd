using System.Net;

namespace EmergencyStop.Silo.Tests;

/// <summary>The data folder of a service that has traded, been stopped for one user, and ended in order; each test that harms it has a copy.</summary>
public sealed class TradedLedger : IAsyncLifetime
{
    private const int Orders = 3;

    private readonly TempFolder _data = new();

    public string Folder => _data.Path;

    public async Task InitializeAsync()
    {
        var key = await ServiceClient.MakeKeyAsync(Folder, "admin");
        await using var service = await ServiceProcess.StartSiloAsync(Folder);
        using var admin = ServiceClient.Of(service, key);
        for (var i = 0; i < Orders; i++)
        {
            Assert.Equal(HttpStatusCode.Created, (await admin.PlaceAsync("alice")).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync("emergency-stop/execute", new { reason = "drill", scope = "USER", user_id = "bob" })).Status);
        Assert.Equal(0, await service.TerminateAsync());
    }

    public Task DisposeAsync()
    {
        _data.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Copies its files into another folder.</summary>
    public void CopyTo(string folder)
    {
        foreach (var file in Directory.GetFiles(Folder))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }
}
