using System.Collections.Immutable;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Risk;
using EmergencyStop.Risk;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Risk;

/// <summary>Takes the rules' file into the ledger at the start and whenever it changes: as a whole, in one commit, or not at all.</summary>
/// <remarks>
/// The file owns the rules that it names, and takes over one that was written through the API. A rule that it names no more is
/// deleted. A file that is wrong, or gone, changes nothing.
/// </remarks>
internal sealed partial class RulesFile(
    ILedger ledger, RulesFileStatus status, TimeProvider time, IOptions<RulesFileOptions> options, ILogger<RulesFile> log) : BackgroundService
{
    private const int LargestFile = 1 << 20;
    private const int MostAttempts = 3;
    private string? _seen;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Path is not { } path)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(path, stoppingToken);
                await Task.Delay(options.Value.CheckEvery, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (e is not LedgerUnavailableException)
                {
                    LogNotTaken(e, path); // That the ledger is away, its watch has said.
                }

                await Task.Delay(options.Value.CheckEvery, time, CancellationToken.None);
            }
        }
    }

    private async Task LookAsync(string path, CancellationToken cancellationToken)
    {
        var (text, unreadable) = await ReadAsync(path, cancellationToken);
        if ((text ?? unreadable) == _seen)
        {
            return;
        }

        var contents = text is null ? new([], [unreadable ?? string.Empty]) : RulesFileReading.Read(text);
        if (contents.Wrong.IsEmpty)
        {
            var changed = await TakeAsync(contents.Rules, $"file {Path.GetFileName(path)}", cancellationToken);
            status.Taken(time.GetUtcNow());
            LogTaken(path, contents.Rules.Length, changed);
        }
        else
        {
            status.Refused(string.Join(" ", contents.Wrong));
            LogWrong(path, string.Join(" ", contents.Wrong));
        }

        _seen = text ?? unreadable;
    }

    private static async Task<(string? Text, string? Why)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return new FileInfo(path).Length > LargestFile
                ? (null, $"{path} is larger than {LargestFile} bytes.")
                : (await File.ReadAllTextAsync(path, cancellationToken), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"{path} cannot be read.");
        }
    }

    /// <summary>Writes what differs from the ledger.</summary>
    /// <returns>How many versions that made.</returns>
    private async Task<int> TakeAsync(ImmutableArray<(RiskRule Rule, string Reason)> rules, string by, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var writes = Differences(rules, await ledger.RiskRulesAsync(cancellationToken), by, time.GetUtcNow());
            if (writes.IsEmpty || (await ledger.WriteRiskRulesAsync(writes, CancellationToken.None)).Conflict is null)
            {
                return writes.Length;
            }

            if (attempt == MostAttempts)
            {
                throw new InvalidOperationException("The rules are being changed by others again and again.");
            }
        }
    }

    private static ImmutableArray<RiskRuleWrite> Differences(
        ImmutableArray<(RiskRule Rule, string Reason)> rules, ImmutableArray<RiskRuleVersion> standing, string by, DateTimeOffset at)
    {
        var newest = standing.ToDictionary(v => v.Rule.Id);
        var named = rules.Select(r => r.Rule.Id).ToHashSet();
        var written = rules
            .Where(r => newest.GetValueOrDefault(r.Rule.Id) is not { Deleted: false, Source: RiskRuleSource.File } v || RiskText.Write(v.Rule) != RiskText.Write(r.Rule))
            .Select(r => new RiskRuleWrite(r.Rule, newest.GetValueOrDefault(r.Rule.Id)?.Version ?? 0, Deleted: false, RiskRuleSource.File, by, at, r.Reason));
        var gone = standing
            .Where(v => v is { Deleted: false, Source: RiskRuleSource.File } && !named.Contains(v.Rule.Id))
            .Select(v => new RiskRuleWrite(v.Rule, v.Version, Deleted: true, RiskRuleSource.File, by, at, "the rules' file names it no more"));
        return [.. written, .. gone];
    }

    [LoggerMessage(EventIds.RulesFileTaken, LogLevel.Information, "The rules' file {Path} was taken: {Rules} rules, {Versions} new versions")]
    private partial void LogTaken(string path, int rules, int versions);

    [LoggerMessage(EventIds.RulesFileWrong, LogLevel.Error, "The rules' file {Path} is wrong and changes nothing: {Wrong}")]
    private partial void LogWrong(string path, string wrong);

    [LoggerMessage(EventIds.RulesFileNotTaken, LogLevel.Warning, "The rules' file {Path} could not be taken; it is tried again")]
    private partial void LogNotTaken(Exception e, string path);
}
