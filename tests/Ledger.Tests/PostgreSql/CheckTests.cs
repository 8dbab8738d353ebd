using EmergencyStop.Ledger.PostgreSql;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Tests.Contract;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Tests.PostgreSql;

/// <summary>The check of a ledger in a database: silent on a sound one, and each kind of damage is found by the check it is for.</summary>
public sealed class CheckTests : PostgreSqlTest
{
    [SkippableFact]
    public async Task ASoundLedger_PassesEveryCheck_WhileItIsInUse()
    {
        var (at, ledger) = await UsedAsync();
        var findings = PostgreSqlCheck.Run(at).ToList();
        Assert.All(findings, f => Assert.True(f.Holds, f.Finding));
        Assert.Equal(["server", "schema", "audit", "gate", "latches", "orders", "events"], findings.Select(f => f.Check));
        Assert.Equal("2 are active, and their indexes agree", findings[5].Finding);
        await LedgerFile.AdmitAsync(ledger, Words.Order("carol"));
    }

    [SkippableTheory]
    [InlineData("audit", "UPDATE audit SET details = '{}' WHERE sequence = 2", "broken at entry 2")]
    [InlineData("audit", "DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)", "is missing")]
    [InlineData("gate", "SELECT setval('numbers', 1)", "the sequence of numbers is at 1")]
    [InlineData("gate", "UPDATE stops SET again_number = 999", "a row bears 999")]
    [InlineData("latches", "DELETE FROM latches", "0 belong to no standing stop, and 1 standing stops have none")]
    [InlineData("latches", "INSERT INTO latches VALUES (77, 'SYSTEM')", "1 belong to no standing stop")]
    [InlineData("orders", "UPDATE orders SET ended_after = NULL WHERE state = 4", "1 are active by their state")]
    [InlineData("events", "DELETE FROM events WHERE id = (SELECT max(id) FROM events)", "the outbox's head is at")]
    [InlineData("events", "SELECT setval('order_events_id_seq', 1)", "their sequence is at 1")]
    [InlineData("schema", "INSERT INTO schema_version VALUES (99, 'later')", "version 99")]
    [InlineData("schema", "DROP TABLE schema_version", "this is no ledger")]
    public async Task Damage_IsFoundByItsCheck(string check, string damage, string says)
    {
        var (at, _) = await UsedAsync();
        using (var session = Session(at))
        {
            session.Execute(damage);
        }

        var found = Assert.Single(PostgreSqlCheck.Run(at), f => !f.Holds);
        Assert.Equal(check, found.Check);
        Assert.Contains(says, found.Finding, StringComparison.Ordinal);
    }

    /// <summary>An index that lacks an order would leave that order out of a sweep.</summary>
    [SkippableTheory]
    [InlineData("orders_active", "active orders")]
    [InlineData("orders_active_user", "active orders by user")]
    [InlineData("orders_active_symbol", "active orders by symbol")]
    [InlineData("orders_active_strategy", "active orders by strategy")]
    public async Task AnIndexThatLacksAnOrder_IsFound(string index, string called)
    {
        var (at, ledger) = await UsedAsync();
        using (var session = Session(at))
        {
            session.Execute($"UPDATE pg_index SET indisready = false WHERE indexrelid = '{index}'::regclass"); // Writers pass it over from now on.
        }

        await (await OpenAsync(at)).DisposeAsync();
        await LedgerFile.AdmitAsync(ledger, Words.Order("carol"));
        var found = Assert.Single(PostgreSqlCheck.Run(at), f => !f.Holds);
        Assert.Equal(("orders", $"3 are active, and the index of {called} holds 2"), (found.Check, found.Finding));
    }

    [SkippableFact]
    public async Task AServerThatIsNotThere_IsTheFirstFinding_AndTheLast()
    {
        var found = Assert.Single(PostgreSqlCheck.Run("Host=127.0.0.1;Port=1;Database=x;Username=y"));
        Assert.Equal(("server", false), (found.Check, found.Holds));
        var empty = await DatabaseAsync();
        Assert.Equal(("schema", "this is no ledger"), PostgreSqlCheck.Run(empty).Where(f => !f.Holds).Select(f => (f.Check, f.Finding)).Single());
    }

    private async Task<(string At, PostgreSqlLedger Ledger)> UsedAsync()
    {
        var at = await DatabaseAsync();
        var ledger = await OpenAsync(at);
        await LedgerFile.AdmitAsync(ledger, Words.Order("alice"));
        await LedgerFile.AdmitAsync(ledger, Words.Order("bob", symbol: "AAPL"));
        var over = await LedgerFile.AdmitAsync(ledger, Words.Order("bob"));
        await Words.RecordAsync(ledger, over, OrderState.Cancelled);
        await Words.EngageAsync(ledger, "USER:dave");
        return (at, ledger);
    }
}
