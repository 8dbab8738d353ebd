using EmergencyStop.Api.Health;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Silo.Hosting;

/// <summary>Opens the ledger at the start, or serves stops without it until it can be opened.</summary>
internal static class LedgerOpening
{
    private const int MostNamed = 5;
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(1);

    /// <summary>The open ledger.</summary>
    /// <param name="settings">This run's settings.</param>
    /// <param name="build">Puts the service together over a ledger.</param>
    /// <param name="cancellationToken">Ends the wait for a ledger.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be used, and nobody asked to wait for it.</exception>
    public static async Task<StoredLedger> OpenAsync(SiloSettings settings, Func<ILedger, WebApplication> build, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(settings, cancellationToken);
        }
        catch (LedgerUnavailableException e) when (!settings.WaitForLedger)
        {
            throw new LedgerUnavailableException(e.Message + Spooled(settings.SpoolFile), e);
        }
        catch (LedgerUnavailableException e)
        {
            return await BrakeUntilItOpensAsync(settings, build(AbsentLedger.Because(e.Message)), e.Message, cancellationToken);
        }
    }

    private static Task<StoredLedger> OpenAsync(SiloSettings settings, CancellationToken cancellationToken) =>
        LedgerChoice.Of(settings).OpenAsync(service: true, cancellationToken);

    private static async Task<StoredLedger> BrakeUntilItOpensAsync(SiloSettings settings, WebApplication braking, string why, CancellationToken cancellationToken)
    {
        await using (braking)
        {
            await braking.StartAsync(cancellationToken);
            braking.Services.GetRequiredService<StartGate>().Open(); // It admits nothing: its ledger refuses everything.
            Console.WriteLine($"braking on {braking.Urls.First()}");
            Console.WriteLine($"  stops only, until the ledger can be used: {why}");
            try
            {
                while (true)
                {
                    await Task.Delay(TryEvery, TimeProvider.System, cancellationToken);
                    try
                    {
                        return await OpenAsync(settings, cancellationToken);
                    }
                    catch (LedgerUnavailableException)
                    {
                        // Still not: said once, at the start.
                    }
                }
            }
            finally
            {
                await braking.StopAsync(CancellationToken.None); // The whole service listens at the same place.
            }
        }
    }

    /// <summary>The rest of the sentence when stops wait on the spool.</summary>
    private static string Spooled(string file)
    {
        var stops = StopSpool.Peek(file);
        return stops.IsEmpty ? string.Empty
            : $" {stops.Length} stops ({string.Join(", ", stops.Take(MostNamed).Select(s => s.Id))}) wait in {file} and are recorded at the next start that works; start with --wait-for-ledger to cancel at the venues meanwhile.";
    }
}
