using System.CommandLine;
using EmergencyStop.Silo.Hosting;

namespace EmergencyStop.Silo.CommandLine;

/// <summary>Checks the audit's hash chain.</summary>
internal static class AuditCommands
{
    /// <summary><c>audit verify</c>: exit code 0 when the chain holds, 1 when it is broken.</summary>
    public static Command Create()
    {
        var verify = new Command("verify", "Checks every audit entry against the one before; names the first broken one.");
        verify.SetAction((parsed, cancellationToken) => SiloCommand.GuardAsync(async () =>
        {
            var settings = new SiloSettings(parsed.GetValue(SiloCommand.Data) ?? SiloSettings.DefaultDataFolder, null, null, false);
            if (LedgerChoice.Of(settings).IsFile && !File.Exists(settings.LedgerFile))
            {
                await Console.Error.WriteLineAsync($"There is no ledger at {settings.LedgerFile}; name its folder with --data.");
                return 2;
            }

            await using var ledger = await LedgerChoice.Of(settings).OpenAsync(service: false, cancellationToken);
            var verdict = await ledger.VerifyAuditAsync(cancellationToken);
            if (verdict.FirstBroken is { } broken)
            {
                await Console.Error.WriteLineAsync($"The audit is broken at entry {broken}: {verdict.Why}");
                return 1;
            }

            Console.WriteLine($"The audit holds: {verdict.Entries} entries.");
            return 0;
        }));
        return new Command("audit", "The audit trail.") { verify };
    }
}
