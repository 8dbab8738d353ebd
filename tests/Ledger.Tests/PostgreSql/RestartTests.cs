using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.PostgreSql;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Ledger.Tests.Contract;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Tests.PostgreSql;

/// <summary>The server dies, comes back, or comes back as it was before.</summary>
public sealed class RestartTests : PostgreSqlTest
{
    [SkippableFact]
    public async Task AfterAKilledServer_EverythingAcknowledgedIsThere_AndWorkGoesOn()
    {
        var server = OwnServer();
        var ledger = await OpenAsync(server.ConnectionString("postgres"), alone: true);
        var order = await LedgerFile.AdmitAsync(ledger, Words.Order());
        var stop = await Words.EngageAsync(ledger, "USER:bob");

        server.Kill();
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.AdmitAsync(Words.Order(), None).AsTask());
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.EngageAsync(Words.NewStop(), Words.Request("USER:carol"), None).AsTask());
        Assert.False((await ledger.HealthAsync(None)).Writable);
        Assert.NotNull(ledger.Recall(order.Id)); // Memory answers meanwhile.
        Assert.Equal(-1, ledger.Gate.Number);

        server.Restart();
        Assert.IsType<AdmitAnswer.GateClosed>(await OnceBackAsync(() => ledger.AdmitAsync(Words.Order("bob"), None).AsTask()));
        Assert.Equal(order, await ledger.FindOrderAsync(order.Id, None));
        Assert.Equal(stop, await ledger.FindStopAsync(stop.Id, None), SameStop.Instance);
        Assert.Equal(1, ledger.Gate.Held); // It went on where it was: nothing was taken for a rollback.
        await Words.EngageAsync(ledger, "USER:carol");
        await Words.RecordAsync(ledger, order, OrderState.Open);
        Assert.True((await ledger.HealthAsync(None)).Writable);
    }

    /// <summary>The machine of the database is put back to a backup while the service runs.</summary>
    [SkippableFact]
    public async Task AServerThatComesBackOlder_LatchesSystemBeforeAnythingIsAdmitted()
    {
        var server = OwnServer();
        var ledger = await OpenAsync(server.ConnectionString("postgres"), alone: true);
        await LedgerFile.AdmitAsync(ledger, Words.Order());
        server.Stop();
        var backup = server.Data + "-backup";
        server.Copy(server.Data, backup);
        server.Restart();
        await OnceBackAsync(() => LedgerFile.AdmitAsync(ledger, Words.Order()));
        await LedgerFile.AdmitAsync(ledger, Words.Order());

        server.Stop();
        Directory.Delete(server.Data, recursive: true);
        server.Copy(backup, server.Data);
        server.Restart();

        var refused = Assert.IsType<AdmitAnswer.GateClosed>(await OnceBackAsync(() => ledger.AdmitAsync(Words.Order(), None).AsTask()));
        Assert.Equal(("SYSTEM", "ledger rollback"), (refused.By.Target.Value, refused.By.Reason));
        Assert.Equal(1, ledger.Gate.Held);
        Assert.Single(await ledger.UnfinishedStopsAsync(None));
    }

    [SkippableFact]
    public async Task AnotherLedgerInItsPlace_LatchesSystem()
    {
        var server = OwnServer();
        var ledger = await OpenAsync(server.ConnectionString("postgres"));
        server.Execute("postgres", "UPDATE emergency_stop.pulse SET ledger_id = gen_random_uuid()");
        server.Kill();
        server.Restart();
        Assert.IsType<AdmitAnswer.GateClosed>(await OnceBackAsync(() => ledger.AdmitAsync(Words.Order(), None).AsTask()));
    }

    /// <summary>A connection is opened while others of the same process commit: the number that it reads is older than what is seen when it looks.</summary>
    [SkippableFact]
    public async Task AConnectionOpenedAmidAdmissions_TakesNoLedgerForAnOlderOne()
    {
        const int connections = 60;
        var at = await DatabaseAsync();
        await OpenAsync(at);
        var site = new PostgreSqlSite(at, new(), alone: false, Words.Time);
        using var reading = Session(at);
        site.Load(reading);
        using var admitting = Session(at);
        using var ending = new CancellationTokenSource();
        var load = Task.Run(() =>
        {
            while (!ending.IsCancellationRequested)
            {
                var row = Assert.Single(AdmitCall.Run(admitting, [Words.Order()], [false]));
                site.Gate.Advance(row.Version, row.Number ?? 0);
            }
        });
        for (var i = 0; i < connections; i++)
        {
            site.OpenGuarded(ConnectionUse.Admit).Dispose();
        }

        await ending.CancelAsync();
        await load;
        Assert.Equal(0, site.Gate.View.Held);
        Assert.Equal(0, GateRows.View(reading, 0).Held);
    }

    /// <summary>Whoever asks while the server starts hears so, and asks again.</summary>
    private static async Task<T> OnceBackAsync<T>(Func<Task<T>> call)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                return await call();
            }
            catch (LedgerUnavailableException) when (!bound.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }
}
