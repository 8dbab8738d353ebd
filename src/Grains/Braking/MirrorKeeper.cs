using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Venues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Braking;

/// <summary>Refreshes the mirror when something of it has changed; never on the path of a stop or an admission.</summary>
public sealed partial class MirrorKeeper(
    ILedger ledger, LedgerMirror mirror, IAccountMap accounts, TimeProvider time, IOptions<BrakeOptions> options, ILogger<MirrorKeeper> log) : BackgroundService
{
    private MirrorMark? _mark;
    private bool _fails;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.Value.MirrorEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await RefreshAsync(stoppingToken);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await ledger.MirrorAsync(_mark, cancellationToken) is { } read)
            {
                _mark = read.Mark;
                mirror.Replace(read.Contents with { Users = [.. read.Contents.Users.Select(u => u with { Account = AccountOf(u.User) })] });
            }

            _fails = false;
        }
        catch (Exception e) when (e is LedgerUnavailableException or OperationCanceledException)
        {
            // What was read last is what stops go by.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _mark = null; // So that it is written again.
            if (!_fails)
            {
                LogFailed(e);
            }

            _fails = true;
        }
    }

    private AccountId? AccountOf(UserId user)
    {
        try
        {
            return accounts.AccountOf(user);
        }
        catch (InvalidOperationException)
        {
            return null; // A user without an account of its own has no orders either.
        }
    }

    [LoggerMessage(EventIds.MirrorNotWritten, LogLevel.Error, "The mirror's file cannot be written; this process goes by its memory")]
    private partial void LogFailed(Exception e);
}
