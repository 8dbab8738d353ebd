using System.CommandLine;
using System.Text.Json;
using EmergencyStop.Ids;
using EmergencyStop.Silo.Hosting;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Accounts;
using EmergencyStop.Venues.Alpaca;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Silo.CommandLine;

/// <summary>The accounts at the venue: whose they are, where their credentials lie, and whether they work.</summary>
internal static class AccountsCommands
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary><c>accounts add|list|verify</c>.</summary>
    public static Command Create() => new("accounts", "Accounts at the venue.") { AddCommand(), ListCommand(), VerifyCommand() };

    private static Command AddCommand()
    {
        var user = new Argument<string>("user") { Description = "Whose account it is; one user, one account." };
        var url = new Option<Uri>("--url") { Description = "The venue's trading API, as https://paper-api.alpaca.markets; one for all accounts.", Required = true, CustomParser = SiloCommand.HttpUrl };
        var venue = new Option<string>("--venue") { Description = "The kind of venue.", DefaultValueFactory = _ => "alpaca" };
        venue.AcceptOnlyFromAmong("alpaca");
        var account = new Option<string?>("--account") { Description = "The account's name in the ledger; default the user." };
        var keyFile = new Option<string?>("--key-id-file") { Description = "A file with the key id." };
        var keyEnv = new Option<string?>("--key-id-env") { Description = "The environment variable with the key id." };
        var secretFile = new Option<string?>("--secret-file") { Description = "A file with the secret." };
        var secretEnv = new Option<string?>("--secret-env") { Description = "The environment variable with the secret." };
        var mode = new Option<string>("--mode") { Description = "trade: this service places the orders; watch: other programs do.", DefaultValueFactory = _ => "trade" };
        mode.AcceptOnlyFromAmong("trade", "watch");
        var prefix = new Option<string[]>("--prefix") { Description = "watch: PREFIX=STRATEGY, the beginning of its client order ids; STRATEGY- is known without.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("add", "Adds an account, or changes it. A running service takes it up at its next start.")
        {
            user, url, venue, account, keyFile, keyEnv, secretFile, secretEnv, mode, prefix,
        };
        command.SetAction((parsed, _) => GuardAsync(() =>
        {
            var entry = new AccountEntry
            {
                Account = parsed.GetValue(account),
                KeyFile = Full(parsed.GetValue(keyFile)),
                KeyEnv = parsed.GetValue(keyEnv),
                SecretFile = Full(parsed.GetValue(secretFile)),
                SecretEnv = parsed.GetValue(secretEnv),
                Mode = parsed.GetValue(mode) == "watch" ? AccountMode.Watch : AccountMode.Trade,
                Prefixes = Prefixes(parsed.GetValue(prefix) ?? []),
            };
            return Task.FromResult(Add(Settings(parsed), parsed.GetRequiredValue(user), parsed.GetRequiredValue(url), entry));
        }));
        return command;
    }

    private static Command ListCommand()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("list", "Lists the accounts that were added, without their secrets.") { json };
        command.SetAction((parsed, _) => GuardAsync(() =>
        {
            var file = AccountsFile.Read(Settings(parsed).AccountsFile);
            var rows = file.Accounts.Select(pair => new
            {
                user = pair.Key,
                account = pair.Value.Account ?? pair.Key,
                mode = pair.Value.Mode == AccountMode.Watch ? "watch" : "trade",
                url = file.Url?.ToString(),
                key_id = Source(pair.Value.KeyFile, pair.Value.KeyEnv),
                secret = Source(pair.Value.SecretFile, pair.Value.SecretEnv),
            }).ToArray();
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(rows, Json)
                : string.Join(Environment.NewLine, rows.Select(r => $"{r.user,-16}  {r.account,-16}  {r.mode,-5}  {r.url}  key id: {r.key_id}  secret: {r.secret}")));
            return Task.FromResult(0);
        }));
        return command;
    }

    private static Command VerifyCommand()
    {
        var user = new Argument<string?>("user") { Description = "One user's account; default all.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("verify", "Asks the venue for each account and says what is right or wrong; exit code 1 when something is wrong.") { user };
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => VerifyAsync(Settings(parsed), parsed.GetValue(user), cancellationToken)));
        return command;
    }

    private static int Add(SiloSettings settings, string user, Uri url, AccountEntry entry)
    {
        Directory.CreateDirectory(settings.DataFolder);
        var file = AccountsFile.Read(settings.AccountsFile);
        if (file.Url is { } standing && standing != url && file.Accounts.Keys.Any(u => u != user))
        {
            throw Credentials.Wrong($"the other accounts are at {standing}; one service speaks to one venue, so give {url} a service and a data folder of its own.");
        }

        var next = file with { Url = url, Accounts = new(file.Accounts, StringComparer.Ordinal) { [user] = entry } };
        var options = new AccountsOptions();
        foreach (var (name, one) in next.Accounts)
        {
            options.Accounts[name] = one.ToOptions();
        }

        var known = new ConfiguredAccounts(Options.Create(options)).Known.Single(a => a.User.Value == user);
        next.Write(settings.AccountsFile);
        Console.WriteLine($"{known.User}: account {known.Account} at {url}, {(known.Mode == AccountMode.Watch ? "watched" : "traded through this service")}. Check it with accounts verify {known.User}; a running service takes it up at its next start.");
        return 0;
    }

    private static async Task<int> VerifyAsync(SiloSettings settings, string? user, CancellationToken cancellationToken)
    {
        var file = AccountsFile.Read(settings.AccountsFile);
        var wanted = file.Accounts.Keys.Where(u => user is null || u == user).ToArray();
        if (file.Url is null || wanted.Length == 0)
        {
            await Console.Error.WriteLineAsync($"There is no such account in {settings.AccountsFile}: add it with accounts add.");
            return 1;
        }

        var accounts = new ConfiguredAccounts(Options.Create(new AccountsOptions { AccountsFile = settings.AccountsFile }));
        using var venue = new AlpacaVenue(
            Options.Create(new AlpacaOptions { BaseUrl = file.Url, Retries = 0 }), accounts, TimeProvider.System, NullLogger<AlpacaVenue>.Instance);
        var wrong = 0;
        foreach (var name in wanted)
        {
            var (good, sentence) = await venue.VerifyAsync(accounts.AccountOf(UserId.Parse(name)), cancellationToken);
            Console.WriteLine($"{(good ? "ok   " : "WRONG")}  {name}: {sentence}");
            wrong += good ? 0 : 1;
        }

        return wrong == 0 ? 0 : 1;
    }

    private static SiloSettings Settings(ParseResult parsed) => new(parsed.GetValue(SiloCommand.Data) ?? SiloSettings.DefaultDataFolder, null, null, false);

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    private static string Source(string? file, string? variable) => file is not null ? $"file {file}" : variable is not null ? $"environment {variable}" : "none";

    private static SortedDictionary<string, string> Prefixes(string[] given)
    {
        var prefixes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in given)
        {
            var at = pair.LastIndexOf('=');
            prefixes[at > 0 ? pair[..at] : throw Credentials.Wrong($"--prefix {pair} must be PREFIX=STRATEGY.")] = pair[(at + 1)..];
        }

        return prefixes;
    }

    /// <summary>What is wrong with an account is one sentence, not a stack trace.</summary>
    private static async Task<int> GuardAsync(Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (OptionsValidationException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Failures.First());
            return 2;
        }
    }
}
