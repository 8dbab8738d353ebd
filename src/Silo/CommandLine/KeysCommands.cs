using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Access;
using EmergencyStop.Silo.Hosting;

namespace EmergencyStop.Silo.CommandLine;

/// <summary>Makes, lists and revokes API keys, whether or not the service runs.</summary>
internal static class KeysCommands
{
    private const int IdBytes = 6;
    private const int LongestName = 100;

    private static readonly string[] Roles = ["viewer", "engine", "trader", "risk_officer", "admin"];

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary><c>keys create|list|revoke</c>.</summary>
    public static Command Create() => new("keys", "API keys.") { CreateCommand(), ListCommand(), RevokeCommand() };

    /// <summary>Stores a new key.</summary>
    /// <returns>The key's row, and the secret that is shown once.</returns>
    public static async Task<(ApiKey Key, string Secret)> MakeAsync(
        ILedger ledger, Role role, UserId? user, string name, CancellationToken cancellationToken)
    {
        using var random = RandomNumberGenerator.Create();
        var (secret, hash) = ApiKeyFactory.Make(random);
        var id = "k-" + RandomNumberGenerator.GetHexString(IdBytes * 2, lowercase: true);
        var key = new ApiKey(id, name, role, user, TimeProvider.System.GetUtcNow(), null);
        await ledger.AddKeyAsync(key, hash, cancellationToken);
        return (key, secret);
    }

    private static Command CreateCommand()
    {
        var role = new Option<string>("--role") { Description = string.Join(", ", Roles), Required = true };
        role.AcceptOnlyFromAmong(Roles);
        var user = new Option<string?>("--user") { Description = "The user it belongs to; a trader's key needs one." };
        var name = new Option<string>("--name") { Description = "A name for people, 1 to 100 characters.", Required = true };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("create", "Makes a key and shows it once.") { role, user, name, json };
        command.SetAction((parsed, cancellationToken) => WithLedgerAsync(parsed, async ledger =>
        {
            var (owner, wrong) = Check(parsed.GetRequiredValue(role), parsed.GetValue(user), parsed.GetRequiredValue(name));
            if (wrong is not null)
            {
                await Console.Error.WriteLineAsync(wrong);
                return 1;
            }

            var (key, secret) = await MakeAsync(ledger, RoleOf(parsed.GetRequiredValue(role)), owner, parsed.GetRequiredValue(name), cancellationToken);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new { id = key.Id, key = secret }, Json)
                : $"{key.Id}  {secret}{Environment.NewLine}Keep it: it is shown this once. Send it as  Authorization: Bearer <key>");
            return 0;
        }));
        return command;
    }

    private static Command ListCommand()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("list", "Lists the keys, without their secrets.") { json };
        command.SetAction((parsed, cancellationToken) => WithLedgerAsync(parsed, async ledger =>
        {
            var keys = await ledger.KeysAsync(cancellationToken);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(keys.Select(k => new { k.Id, k.Name, role = Wire(k.Role), user = k.User?.Value, k.CreatedAt, k.RevokedAt }), Json)
                : string.Join(Environment.NewLine, keys.Select(k => $"{k.Id}  {Wire(k.Role),-12}  {k.User?.Value ?? "-",-16}  {k.Name}  {(k.RevokedAt is { } at ? $"revoked {at:u}" : "active")}")));
            return 0;
        }));
        return command;
    }

    private static Command RevokeCommand()
    {
        var id = new Argument<string>("id") { Description = "The key's id, from keys list." };
        var command = new Command("revoke", "Revokes a key for good; a running service refuses it within a second.") { id };
        command.SetAction((parsed, cancellationToken) => WithLedgerAsync(parsed, async ledger =>
        {
            var revoked = await ledger.RevokeKeyAsync(parsed.GetRequiredValue(id), Environment.UserName, TimeProvider.System.GetUtcNow(), cancellationToken);
            await (revoked ? Console.Out : Console.Error).WriteLineAsync(revoked ? "revoked" : "No active key has this id; see keys list.");
            return revoked ? 0 : 1;
        }));
        return command;
    }

    private static (UserId? User, string? Wrong) Check(string role, string? user, string name)
    {
        if (name.Length is 0 or > LongestName)
        {
            return (null, $"--name has 1 to {LongestName} characters.");
        }

        if (user is null)
        {
            return (null, role == "trader" ? "A trader's key needs --user: it may touch that user's book only." : null);
        }

        return UserId.TryParse(user, out var id, out var why) ? (id, null) : (null, $"--user: {why}");
    }

    private static Task<int> WithLedgerAsync(ParseResult parsed, Func<ILedger, Task<int>> act) => SiloCommand.GuardAsync(async () =>
    {
        var settings = new SiloSettings(parsed.GetValue(SiloCommand.Data) ?? SiloSettings.DefaultDataFolder, null, null, false);
        await using var ledger = await LedgerChoice.Of(settings).OpenAsync(service: false, CancellationToken.None);
        return await act(ledger);
    });

    private static Role RoleOf(string wire) => wire switch
    {
        "viewer" => Role.Viewer,
        "engine" => Role.Engine,
        "trader" => Role.Trader,
        "risk_officer" => Role.RiskOfficer,
        "admin" => Role.Admin,
        _ => throw new ArgumentOutOfRangeException(nameof(wire), wire, "No such role."),
    };

    private static string Wire(Role role) => role == Role.RiskOfficer ? "risk_officer" : role.ToString().ToLowerInvariant();
}
