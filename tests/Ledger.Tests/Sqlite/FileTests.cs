using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Access;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Ledger.Tests.Contract;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Tests.Sqlite;

/// <summary>One file, several processes, and files that are no ledger.</summary>
public sealed class FileTests : LedgerTest
{
    [Fact]
    public async Task AnotherProcess_AddsAKey_AndItIsThereAtOnce()
    {
        var service = await File.OpenAsync();
        var tool = await File.OpenAsync();
        var key = new ApiKey("key-1", "alice's", Role.Trader, UserId.Parse("alice"), File.Now, null);

        await tool.AddKeyAsync(key, "hash", None);

        Assert.Equal(key, await service.FindKeyAsync("hash", None));
        Assert.Equal(key, Assert.Single(await service.KeysAsync(None)));
        Assert.True(await service.RevokeKeyAsync("key-1", "admin", File.Now, None));
        Assert.False(await tool.RevokeKeyAsync("key-1", "admin", File.Now, None));
        Assert.NotNull((await tool.FindKeyAsync("hash", None))!.RevokedAt);
        Assert.Null((await tool.VerifyAuditAsync(None)).FirstBroken);
    }

    [Fact]
    public async Task AnotherProcess_Engages_AndTheFirstRefuses()
    {
        var first = await File.OpenAsync();
        var second = await File.OpenAsync();
        await LedgerFile.AdmitAsync(first, File.Order());

        var stop = await File.EngageAsync(second, "USER:alice");
        Assert.Equal(stop.Id, Assert.IsType<AdmitAnswer.GateClosed>(await first.AdmitAsync(File.Order(), None)).By.Stop);
        Assert.Single(await second.OwedAsync(stop, false, null, None));
        Assert.Equal(StopState.Outstanding, (await File.ProgressAsync(second, stop, StopState.Completed)).State);

        await first.RecordAsync([File.Evidence((await first.ActiveOrdersAsync(UserId.Parse("alice"), None))[0], OrderState.Cancelled)], None);
        await File.FinishAsync(second, stop);
        await LedgerFile.AdmitAsync(first, File.Order());
        Assert.Single(await second.ActiveOrdersAsync(UserId.Parse("alice"), None));
    }

    [Fact]
    public async Task AnotherProcessesOrders_AreFoundAfterOwnOnes()
    {
        var first = await File.OpenAsync();
        var second = await File.OpenAsync();
        await LedgerFile.AdmitAsync(first, File.Order());
        await LedgerFile.AdmitAsync(second, File.Order());
        await LedgerFile.AdmitAsync(first, File.Order());

        Assert.Equal(3, (await first.ActiveOrdersAsync(UserId.Parse("alice"), None)).Length);
        Assert.Equal(3, (await second.ActiveOrdersAsync(UserId.Parse("alice"), None)).Length);
        var stop = await File.EngageAsync(second, "SYSTEM");
        Assert.Equal(3, (await second.OwedAsync(stop, false, null, None)).Length);
    }

    [Fact]
    public async Task AnotherProcess_Reopens_AndTheFirstOwes()
    {
        var first = await File.OpenAsync();
        var second = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(first, File.Order());
        await File.RecordAsync(first, order, OrderState.NeverSent);
        var stop = await File.EngageAsync(first, "SYSTEM");

        await File.RecordAsync(second, order, OrderState.Open);

        Assert.Single(await first.OwedAsync(stop, false, null, None));
        Assert.Equal(StopState.Outstanding, (await File.ProgressAsync(first, stop, StopState.Completed)).State);
    }

    [Fact]
    public async Task AnotherProcessesLatch_IsSeenByAnIdleView()
    {
        var first = await File.OpenAsync();
        var second = await File.OpenAsync();
        await File.EngageAsync(second, "SYSTEM");

        for (var i = 0; i < 500 && first.Gate.Held == 0; i++)
        {
            await Task.Delay(10);
        }

        Assert.Equal(1, first.Gate.Held);
    }

    [Fact]
    public async Task ManyProcesses_CreateTheFileAtOnce()
    {
        var ledgers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => File.OpenAsync())));

        var numbers = await Task.WhenAll(ledgers.Select(async l => (await LedgerFile.AdmitAsync(l, File.Order())).Number));

        Assert.Equal([1, 2, 3, 4, 5, 6], numbers.Order());
    }

    [Fact]
    public async Task ANewerSchema_IsRefused_InOneSentence()
    {
        await (await File.OpenAsync()).DisposeAsync();
        File.Tamper("INSERT INTO schema_version VALUES (99, 'later')");

        var trouble = await Assert.ThrowsAsync<LedgerUnavailableException>(() => File.OpenAsync());

        Assert.Contains("schema 99", trouble.Message, StringComparison.Ordinal);
        Assert.Contains(File.Path, trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileOfSomethingElse_IsRefused_AndLeftAlone()
    {
        File.Tamper("CREATE TABLE theirs (x)");
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => File.OpenAsync());
        Assert.Equal(0, File.Tamper("DELETE FROM theirs"));
    }

    [Fact]
    public async Task NoSqliteFile_IsRefused()
    {
        await System.IO.File.WriteAllTextAsync(File.Path, new string('x', 5_000));

        var trouble = await Assert.ThrowsAsync<LedgerUnavailableException>(() => File.OpenAsync());

        Assert.Contains("is not an SQLite file", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWriterThatIsLockedOut_Fails_AndRecovers()
    {
        var ledger = await File.OpenAsync(o => o.BusyTimeout = TimeSpan.FromMilliseconds(100));
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File.Path};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await ledger.AdmitAsync(File.Order(), None));
            await Assert.ThrowsAsync<LedgerUnavailableException>(
                async () => await ledger.EngageAsync(File.NewStop(), File.Request("SYSTEM"), None));
            Assert.Equal(-1, ledger.Gate.Number);
        }

        await LedgerFile.AdmitAsync(ledger, File.Order());
        Assert.True((await ledger.HealthAsync(None)).Writable);
    }

    [Fact]
    public async Task Closing_FinishesWhatIsQueued()
    {
        var ledger = await File.OpenAsync();
        var answers = Enumerable.Range(0, 2_000).Select(_ => ledger.AdmitAsync(File.Order(), None).AsTask()).ToList();
        await ledger.DisposeAsync();

        var admitted = (await Task.WhenAll(answers)).Count(a => a is AdmitAnswer.Admitted);

        var again = await File.OpenAsync();
        Assert.Equal(2_000, admitted);
        Assert.Equal(2_000, (await again.ActiveOrdersAsync(UserId.Parse("alice"), None)).Length);
    }

    [Fact]
    public async Task TheSqliteInUse_IsClearOfTheWalResetRace()
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();

        Assert.True(Version.Parse(connection.ServerVersion) >= new Version(3, 51, 3), connection.ServerVersion);
    }

    [Fact]
    public async Task Answers_AreRememberedOnce()
    {
        var ledger = await File.OpenAsync();
        Assert.Null(await ledger.FindAnswerAsync("k", "i", None));
        await ledger.RememberAnswerAsync("k", "i", new("h", 200, "application/json", "{}"), File.Now, None);
        await ledger.RememberAnswerAsync("k", "i", new("other", 500, "text/plain", "no"), File.Now, None);

        Assert.Equal(new RememberedAnswer("h", 200, "application/json", "{}"), await ledger.FindAnswerAsync("k", "i", None));
    }

    [Fact]
    public void Enumerations_KeepTheirNumbers()
    {
        Assert.Equal("InFlight Open Unknown Filled Cancelled Rejected Ended NeverSent Replaced", Words<OrderState>());
        Assert.Equal("Placed Closing Adopted PastGate", Words<OrderOrigin>());
        Assert.Equal("Buy Sell", Words<OrderSide>());
        Assert.Equal("Market Limit Stop StopLimit TrailingStop", Words<OrderType>());
        Assert.Equal("Gtc Day Ioc Fok", Words<TimeInForce>());
        Assert.Equal("Working Completed Outstanding", Words<StopState>());
        Assert.Equal("Order Strategy Position MassCancel Verification", Words<ObligationKind>());
        Assert.Equal("Cancelled NeverSent Filled Ended Rejected Paused Closed Unknown Failed Waived", Words<OutcomeKind>());
        Assert.Equal("UserInitiated RiskViolation SystemError MarketCondition ConnectivityIssue RegulatoryHalt", Words<EmergencyStopReason>());
        Assert.Equal("Viewer Engine Trader RiskOfficer Admin", Words<Role>());

        static string Words<T>()
            where T : struct, Enum => string.Join(' ', Enumerable.Range(0, Enum.GetValues<T>().Length).Select(i => Enum.GetName(typeof(T), i)));
    }
}
