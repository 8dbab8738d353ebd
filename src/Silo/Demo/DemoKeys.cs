using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Silo.CommandLine;

namespace EmergencyStop.Silo.Demo;

/// <summary>Throw-away keys of a demo run: made at each start, those of the last run revoked.</summary>
internal static class DemoKeys
{
    private const string Prefix = "demo ";

    /// <summary>Makes the keys and prints them with what to try.</summary>
    public static async Task PrintAsync(ILedger ledger, string url, CancellationToken cancellationToken)
    {
        foreach (var old in (await ledger.KeysAsync(cancellationToken)).Where(k => k.RevokedAt is null && k.Name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            await ledger.RevokeKeyAsync(old.Id, "service", TimeProvider.System.GetUtcNow(), cancellationToken);
        }

        Console.WriteLine($"demo: users {string.Join(", ", DemoTraders.Users)} trade on a simulated venue");
        foreach (var user in DemoTraders.Users)
        {
            var (_, secret) = await KeysCommands.MakeAsync(ledger, Role.Trader, UserId.Parse(user), $"{Prefix}{user}", cancellationToken);
            Console.WriteLine($"  key of {user} (trader): {secret}");
        }

        var (_, officer) = await KeysCommands.MakeAsync(ledger, Role.RiskOfficer, null, $"{Prefix}risk officer", cancellationToken);
        Console.WriteLine($"  key of the risk officer: {officer}");
        Console.WriteLine($"  console: {url}   (sign in with one of the keys)");
        Console.WriteLine($"  API: {url}/api/trading-engine   try it: {url}/swagger");
    }
}
