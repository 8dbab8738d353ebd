using EmergencyStop.Venues.Accounts;
using EmergencyStop.Venues.Alpaca;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues.Tests.Accounts;

public sealed class ConfiguredAccountsTests
{
    [Fact]
    public void AccountOf_UnnamedUser_IsTheUsersOwnName()
    {
        var accounts = Read([]);

        Assert.Equal("alice", accounts.AccountOf(UserId.Parse("alice")).Value);
        Assert.Equal("alice", accounts.UserOf(AccountId.Parse("alice")).Value);
        Assert.Equal(new AccountKey("alice", "none"), accounts.KeyOf(AccountId.Parse("alice")));
    }

    [Fact]
    public void AccountOf_NamedUser_IsWhatIsSet()
    {
        var accounts = Read(new() { ["alice:Account"] = "desk-1", ["alice:KeyId"] = "PK1", ["alice:Secret"] = "s" });

        Assert.Equal("desk-1", accounts.AccountOf(UserId.Parse("alice")).Value);
        Assert.Equal("alice", accounts.UserOf(AccountId.Parse("desk-1")).Value);
        Assert.Equal(new AccountKey("PK1", "s"), accounts.KeyOf(AccountId.Parse("desk-1")));
        Assert.Equal("PK1", accounts.KeyOf(AccountId.Parse("desk-1")).ToString());
    }

    [Fact]
    public void Secret_FromFile_IsRead()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "s3cret\n");

        Assert.Equal("s3cret", Read(new() { ["alice:SecretFile"] = path }).KeyOf(AccountId.Parse("alice")).Secret);
        File.Delete(path);
        Assert.Throws<OptionsValidationException>(() => Read(new() { ["alice:SecretFile"] = path }));
    }

    [Theory]
    [InlineData("alice:Account", "x", "bob:Account", "x")]
    [InlineData("alice:KeyId", "PK1", "bob:KeyId", "PK1")]
    [InlineData("alice:Account", "bob", "bob:Secret", "s")]
    [InlineData("alice:KeyId", "bob", "bob:Secret", "s")]
    [InlineData("a/b:Account", "x", "c:Secret", "s")]
    public async Task Start_WithTwoUsersOnOneAccount_IsRefused(string key1, string value1, string key2, string value2)
    {
        using var host = Build(new() { [$"Venues:Accounts:{key1}"] = value1, [$"Venues:Accounts:{key2}"] = value2 });

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    [Fact]
    public void AccountOf_UnnamedUserWithSomebodyElsesAccount_IsRefused()
    {
        var accounts = Read(new() { ["alice:Account"] = "bob" });

        Assert.Throws<InvalidOperationException>(() => accounts.AccountOf(UserId.Parse("bob")));
    }

    [Theory]
    [InlineData("Venues:Alpaca:BaseUrl", "ftp://x")]
    [InlineData("Venues:Alpaca:CallTimeout", "00:10:00")]
    [InlineData("Venues:Alpaca:ReservedForCancelsPercent", "0")]
    public async Task Start_WithSettingOutOfRange_IsRefused(string key, string value)
    {
        using var host = Build(new() { ["Venues:Alpaca:BaseUrl"] = "http://127.0.0.1:1", [key] = value });

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    [Theory]
    [InlineData("Venues:Simulated:StartPrice", "0")]
    [InlineData("Venues:Simulated:WalkPercent", "51")]
    public async Task Start_WithSimulatedSettingOutOfRange_IsRefused(string key, string value)
    {
        using var host = Build(new() { [key] = value });

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    [Fact]
    public async Task AddVenues_WithoutUrl_IsSimulated_WithUrl_IsAlpaca()
    {
        using var simulated = Build([]);
        await simulated.StartAsync();
        Assert.IsType<SimulatedVenue>(simulated.Services.GetRequiredService<IVenue>());
        await simulated.StopAsync();

        using var alpaca = Build(new() { ["Venues:Alpaca:BaseUrl"] = "http://127.0.0.1:1" });
        await alpaca.StartAsync();
        Assert.IsType<AlpacaVenue>(alpaca.Services.GetRequiredService<IVenue>());
        await alpaca.StopAsync();
    }

    [Theory]
    [InlineData("https://paper-api.alpaca.markets", 200, "https://data.alpaca.markets/")]
    [InlineData("http://127.0.0.1:6001", 0, "http://127.0.0.1:6001/")]
    public void Defaults_FollowWhoIsThere(string url, int callsPerMinute, string data)
    {
        var options = new AlpacaOptions { BaseUrl = new Uri(url) };

        Assert.Equal((callsPerMinute, data), (options.EffectiveCallsPerMinute, options.EffectiveDataUrl?.AbsoluteUri));
    }

    private static IHost Build(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddVenues(builder.Configuration);
        return builder.Build();
    }

    private static ConfiguredAccounts Read(Dictionary<string, string?> settings)
    {
        var options = new AccountsOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => $"Accounts:{pair.Key}", pair => pair.Value)).Build().Bind(options);
        return new(Options.Create(options));
    }
}
