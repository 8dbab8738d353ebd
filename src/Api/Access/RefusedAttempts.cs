using System.Text.Json;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Audit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Api.Access;

/// <summary>One refused attempt to stop or release.</summary>
/// <param name="Actor">Who, as far as is known.</param>
/// <param name="Action"><c>stop.refused</c> or <c>release.refused</c>.</param>
/// <param name="Subject">What was asked for.</param>
/// <param name="KeyId">With which key; <c>null</c> without a good one.</param>
/// <param name="Address">From where; <c>null</c> with a good key.</param>
/// <param name="Why">Why it was refused.</param>
internal sealed record RefusedAttempt(string Actor, string Action, string Subject, string? KeyId, string? Address, string Why);

/// <summary>Puts refused attempts into the audit: the first of a kind at once, its repeats within a minute as one entry with their number.</summary>
/// <remarks>Bounded, so that a flood fills neither memory nor disk: at most <see cref="MostKinds"/> kinds a minute, the rest in one count.</remarks>
internal sealed partial class RefusedAttempts(IAuditLedger audit, TimeProvider time, ILogger<RefusedAttempts> logger) : BackgroundService
{
    /// <summary>Most kinds of attempts that are told apart within a minute.</summary>
    public const int MostKinds = 500;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Dictionary<RefusedAttempt, int> _repeats = [];
    private int _others;

    /// <summary>Notes an attempt. Never throws: the refusal stands with or without its entry.</summary>
    public Task NoteAsync(RefusedAttempt attempt)
    {
        var plain = attempt with { Subject = PathText.Plain(attempt.Subject) };
        lock (_gate)
        {
            if (_repeats.TryGetValue(plain, out var repeats))
            {
                _repeats[plain] = repeats + 1;
                return Task.CompletedTask;
            }

            if (_repeats.Count >= MostKinds)
            {
                _others++;
                return Task.CompletedTask;
            }

            _repeats[plain] = 0;
        }

        return AppendAsync(plain, repeats: null);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync();
    }

    /// <summary>Writes the repeats of the minute.</summary>
    internal async Task FlushAsync()
    {
        Dictionary<RefusedAttempt, int> repeats;
        int others;
        lock (_gate)
        {
            (repeats, _repeats) = (_repeats, []);
            (others, _others) = (_others, 0);
        }

        foreach (var (attempt, count) in repeats.Where(r => r.Value > 0))
        {
            await AppendAsync(attempt, count);
        }

        if (others > 0)
        {
            await AppendAsync(new("many", "stop.refused", "many", null, null, $"more than {MostKinds} kinds of refused attempts came within a minute"), others);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Minute, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends, and StopAsync writes what is left.
        }
    }

    private async Task AppendAsync(RefusedAttempt attempt, int? repeats)
    {
        var details = JsonSerializer.Serialize(new { attempt.KeyId, attempt.Address, attempt.Why, repeats }, ApiJson.Options);
        try
        {
            // Nobody's hanging up takes the entry back.
            await audit.AppendAuditAsync(new(time.GetUtcNow(), attempt.Actor, attempt.Action, attempt.Subject, details), CancellationToken.None);
        }
        catch (LedgerUnavailableException e)
        {
            LogNotAudited(e, attempt.Action, attempt.Subject, attempt.Actor);
        }
    }

    [LoggerMessage(EventIds.RefusalNotAudited, LogLevel.Error, "{Action} of {Subject} by {By} could not be audited; the refusal stands")]
    private partial void LogNotAudited(Exception e, string action, string subject, string by);
}
