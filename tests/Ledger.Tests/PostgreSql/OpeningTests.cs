using EmergencyStop.Ledger.PostgreSql;
using EmergencyStop.Ledger.Tests.Contract;
using Npgsql;

namespace EmergencyStop.Ledger.Tests.PostgreSql;

/// <summary>Who may open the ledger, and what is said to whom may not.</summary>
public sealed class OpeningTests : PostgreSqlTest
{
    private const string Secret = "not-the-password";

    [SkippableFact]
    public async Task ManyAtOnce_OnAnEmptyDatabase_MakeTheSchemaOnce()
    {
        var at = await DatabaseAsync();
        var ledgers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OpenAsync(at)));
        await LedgerFile.AdmitAsync(ledgers[0], Words.Order());
        Assert.All(ledgers, l => Assert.Equal(ledgers[0].Identity, l.Identity));
        Assert.Single(await ledgers[5].UsersWithActiveOrdersAsync(null, 10, None));
    }

    /// <summary>They are read in pages: one statement over all of them may take longer than a statement may.</summary>
    [SkippableFact]
    public async Task ActiveOrders_HoweverMany_AreRemembered()
    {
        const int many = 20_500;
        var at = await DatabaseAsync();
        await (await OpenAsync(at)).DisposeAsync();
        using (var session = Session(at))
        {
            session.Execute(
                "INSERT INTO orders (number, id, user_id, partition, strategy_id, symbol, side, type, quantity, time_in_force, protective, reduce_only, account_id, state, admitted_at, updated_at, filled, origin, attempt, ended_after) "
                + $"SELECT n, 'o-' || n, 'u-' || n, 1, 's1', 'AAPL', 0, 0, '1', 0, 0, 0, 'a', 1, 1, 1, '0', 0, 0, CASE WHEN n % 100 = 0 THEN n END FROM generate_series(1, {many}) n");
        }

        var ledger = await OpenAsync(at, alone: true);
        Assert.Equal(many - (many / 100), ledger.RememberedUsers(null).Length);
        Assert.Equal(many - 1, ledger.Recall(Ids.OrderId.Parse($"o-{many - 1}"))?.Number);
        Assert.Null(ledger.Recall(Ids.OrderId.Parse($"o-{many}")));
    }

    [SkippableFact]
    public async Task ASecondService_IsRefused_UntilTheFirstIsGone()
    {
        var at = await DatabaseAsync();
        var first = await OpenAsync(at, alone: true);
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => OpenAsync(at, alone: true, configure: o => o.AloneTimeout = TimeSpan.Zero));
        Assert.StartsWith("Another service runs on the ledger ledger_", refused.Message, StringComparison.Ordinal);
        await OpenAsync(at); // A command works beside it.
        await LedgerFile.AdmitAsync(first, Words.Order());
        await first.DisposeAsync();
        await OpenAsync(at, alone: true);
    }

    [SkippableFact]
    public async Task ANewerSchema_IsRefused()
    {
        var at = await DatabaseAsync();
        await (await OpenAsync(at)).DisposeAsync();
        using (var session = Session(at))
        {
            session.Execute("INSERT INTO schema_version VALUES (99, 'later')");
        }

        await RefusedAsync(at, "has schema 99", "run the newer program");
    }

    [SkippableFact]
    public async Task AWrongPassword_AMissingDatabase_AMissingServer_AreEachOneSentence()
    {
        var server = await PostgreSqlServer.SharedAsync();
        server.Execute("postgres", "DO $$ BEGIN CREATE ROLE locked LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await RefusedAsync(server.ConnectionString("postgres", "locked") + $";Password={Secret}", "does not let locked in", "ConnectionStrings:Ledger");
        await RefusedAsync(server.ConnectionString("postgres", "nobody-such"), "does not let nobody-such in", "ConnectionStrings:Ledger");
        await RefusedAsync(server.ConnectionString("no_such_database"), "has no database no_such_database", "createdb no_such_database");
        await RefusedAsync("Host=127.0.0.1;Port=1;Database=x;Username=y", "127.0.0.1:1 cannot be reached", "start it");
        await RefusedAsync("Host=127.0.0.1;Port=many", "cannot be read", "write it as");
        await RefusedAsync("Database=x", "names no server", "write it as");
    }

    [SkippableFact]
    public async Task ARoleThatMayNotMakeTables_IsRefused()
    {
        var server = await PostgreSqlServer.SharedAsync();
        server.Execute("postgres", "DO $$ BEGIN CREATE ROLE guest LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await RefusedAsync(server.ConnectionString("postgres", "guest"), "guest may not use the database", "OWNER TO guest");
    }

    [SkippableFact]
    public async Task AnOwnerWithoutOtherRights_CanKeepALedger_AndFreeItsGate()
    {
        var server = await PostgreSqlServer.SharedAsync();
        server.Execute("postgres", "DO $$ BEGIN CREATE ROLE owner LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        server.Execute("postgres", "CREATE DATABASE owned OWNER owner");
        try
        {
            await using var ledger = await OpenAsync(server.ConnectionString("owned", "owner"), alone: true);
            using var frozen = new FrozenProcess(server.ConnectionString("owned", "owner"), "BEGIN; SELECT pg_advisory_xact_lock_shared(18771, 1);");
            await frozen.ReachedAsync();
            frozen.Freeze();
            await Words.EngageAsync(ledger, "USER:alice");
        }
        finally
        {
            server.Execute("postgres", "DROP DATABASE owned WITH (FORCE)");
        }
    }

    [SkippableFact]
    public void AReadOnlyReplica_IsRefused()
    {
        var primary = OwnServer();
        var copy = Path.Combine(Path.GetDirectoryName(primary.Data)!, "replica");
        primary.Run("pg_basebackup", "-h", "127.0.0.1", "-p", $"{primary.Port}", "-U", "postgres", "-D", copy, "-R", "-c", "fast");
        primary.Stop();
        primary.RestartAs(copy); // A standby whose primary is gone serves reads.
        var refused = Assert.ThrowsAny<LedgerUnavailableException>(() => OpenAsync(primary.ConnectionString("postgres")).GetAwaiter().GetResult());
        Assert.Contains("is a read-only replica: name the primary server", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(130_011, "on", "on", "UTF8", false, "is PostgreSQL 13, and the ledger needs 14 or newer")]
    [InlineData(150_000, "off", "on", "UTF8", false, "may lose what it has acknowledged (fsync is off")]
    [InlineData(150_000, "on", "off", "UTF8", false, "full_page_writes is off")]
    [InlineData(150_000, "on", "on", "LATIN1", false, "is encoded as LATIN1")]
    [InlineData(150_000, "on", "on", "UTF8", true, "read-only replica")]
    [InlineData(150_000, "on", "on", "UTF8", false, null)]
    public void AServer_IsTakenOnlyIfItKeepsWhatItAcknowledges(int version, string fsync, string pages, string encoding, bool standby, string? says)
    {
        var why = ServerIdentity.WhyNot("db on host:5432", version, fsync, pages, encoding, standby);
        Assert.Equal(says is null, why is null);
        Assert.Contains(says ?? string.Empty, why ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public void NoSentence_TellsThePassword()
    {
        var at = new NpgsqlConnectionStringBuilder($"Host=h;Database=d;Username=u;Password={Secret}");
        var codes = typeof(PostgresErrorCodes).GetFields().Select(f => (string)f.GetValue(null)!);
        Assert.All(codes, c => Assert.DoesNotContain(Secret, PostgreSqlTrouble.Sentence(c, at), StringComparison.Ordinal));
    }

    private async Task RefusedAsync(string connectionString, params string[] says)
    {
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => OpenAsync(connectionString));
        Assert.All(says, s => Assert.Contains(s, refused.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, refused.Message, StringComparison.Ordinal);
    }
}
