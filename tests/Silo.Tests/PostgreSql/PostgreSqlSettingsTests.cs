namespace EmergencyStop.Silo.Tests.PostgreSql;

/// <summary>Settings that name no ledger end the start; no server is asked for that.</summary>
public sealed class PostgreSqlSettingsTests
{
    [Theory]
    [InlineData("Ledger", "Oracle", "Ledger is Oracle, which is no ledger")]
    [InlineData("ConnectionStrings__Ledger", "", "nothing says which database")]
    [InlineData("ConnectionStrings__Ledger", "Host=127.0.0.1;Port=1;Database=x;Username=y", "cannot be reached")]
    [InlineData("PostgreSql__Readers", "0", "Readers")]
    public async Task ASettingThatNamesNoLedger_IsOneSentenceAndExitCode2(string setting, string value, string says)
    {
        using var data = new TempFolder();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Ledger"] = "PostgreSql",
            ["ConnectionStrings__Ledger"] = "Host=127.0.0.1;Port=1;Database=postgres;Username=postgres",
            ["PostgreSql__AloneTimeout"] = "00:00:02",
            [setting] = value,
        };
        var (code, _, error) = await ServiceProcess.RunWithAsync(settings, "Silo", "--data", data.Path, "--urls", "http://127.0.0.1:0");
        Assert.Equal(2, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
