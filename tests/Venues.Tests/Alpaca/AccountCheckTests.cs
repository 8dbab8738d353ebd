using EmergencyStop.Venues.Accounts;
using EmergencyStop.Venues.Alpaca;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues.Tests.Alpaca;

/// <summary>What <c>accounts verify</c> says of answers that the simulated venue never gives.</summary>
public sealed class AccountCheckTests
{
    [Theory]
    [InlineData(404, "<html>not here</html>", "the URL is wrong")]
    [InlineData(200, "<html>a web page</html>", "the URL is wrong")]
    [InlineData(200, "{}", "the URL is wrong")]
    [InlineData(401, """{"message":"unauthorized."}""", "refuses the key")]
    [InlineData(403, """{"message":"forbidden."}""", "refuses the key")]
    [InlineData(503, "", "cannot serve now")]
    [InlineData(200, """{"account_number":"PA1","status":"ACTIVE","trading_blocked":true}""", "blocks it")]
    [InlineData(200, """{"account_number":"PA1","status":"ACTIVE","timestamp":"2001-01-01T00:00:00Z","is_open":true,"next_open":"2001-01-02T00:00:00Z"}""", "clock is")]
    public async Task Verify_SaysInOneSentenceWhatIsWrong(int status, string body, string sentence)
    {
        await using var canned = await CannedVenue.StartAsync(status, body);
        using var venue = new AlpacaVenue(
            Options.Create(new AlpacaOptions { BaseUrl = canned.Url, Retries = 0 }),
            new ConfiguredAccounts(Options.Create(new AccountsOptions())), TimeProvider.System, NullLogger<AlpacaVenue>.Instance);
        var (good, said) = await venue.VerifyAsync(AccountId.Parse("alice"), default);
        Assert.False(good);
        Assert.Contains(sentence, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_WinOverTheAccountsFile_UserByUser()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("accounts-").FullName, AccountsFile.Name);
        new AccountsFile
        {
            Url = new("http://127.0.0.1:1"),
            Accounts = { ["alice"] = new() { Account = "of-file", Mode = AccountMode.Watch }, ["bob"] = new() { Mode = AccountMode.Watch } },
        }.Write(path);
        var accounts = new ConfiguredAccounts(Options.Create(new AccountsOptions { AccountsFile = path, Accounts = { ["alice"] = new() { Account = "of-settings" } } }));
        Assert.Equal(
            [("alice", "of-settings", AccountMode.Trade), ("bob", "bob", AccountMode.Watch)],
            accounts.Known.Select(a => (a.User.Value, a.Account.Value, a.Mode)));
        File.WriteAllText(path, "{\"accounts\": 7");
        Assert.Throws<OptionsValidationException>(() => AccountsFile.Read(path));
    }
}
