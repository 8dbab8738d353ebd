using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using EmergencyStop.Venues.Strategies;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Strategies;

/// <summary>Tells strategies beside everything else, a bounded number at once, and records what became of each notice.</summary>
/// <remarks>
/// No stop, resume or grain waits for it: whoever hands in a notice has the ledger's number already. A notice that a
/// process leaves behind is pending in the ledger, and told by the next one under the same id.
/// </remarks>
public sealed partial class NoticeDesk : BackgroundService
{
    private const int IdCharacters = 32;
    private const int MostLeftBehind = 10_000;

    private readonly ILedger _ledger;
    private readonly IStrategyManager _manager;
    private readonly TimeProvider _time;
    private readonly NoticeOptions _options;
    private readonly ILogger _log;
    private readonly Channel<StrategyNotice> _waiting;

    /// <summary>A desk that begins with the host.</summary>
    public NoticeDesk(ILedger ledger, IStrategyManager manager, TimeProvider time, IOptions<NoticeOptions> options, ILogger<NoticeDesk> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_ledger, _manager, _time, _options, _log) = (ledger, manager, time, options.Value, log);
        _waiting = Channel.CreateBounded<StrategyNotice>(new BoundedChannelOptions(_options.MostWaiting) { FullMode = BoundedChannelFullMode.Wait });
    }

    /// <summary>Hands a notice in; it is recorded as pending, and told later.</summary>
    public async Task OfferAsync(Stop stop, StrategyId strategy, NoticeKind kind)
    {
        ArgumentNullException.ThrowIfNull(stop);
        var notice = new StrategyNotice(IdOf(stop.Id, strategy, kind), kind, strategy, stop.Id, stop.Target, stop.Request.ReasonCode, _time.GetUtcNow());
        var fits = _waiting.Writer.TryWrite(notice);
        await RecordAsync(fits
            ? new(notice, NoticeState.Pending, notice.At, 0, null)
            : new(notice, NoticeState.NotTold, notice.At, 0, "too many notices wait"));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TakeUpAsync(stoppingToken);
        var bound = new ParallelOptions { MaxDegreeOfParallelism = _options.AtOnce, CancellationToken = stoppingToken };
        try
        {
            await Parallel.ForEachAsync(_waiting.Reader.ReadAllAsync(stoppingToken), bound, TellAsync);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is pending in the ledger.
        }
    }

    private static string IdOf(StopId stop, StrategyId strategy, NoticeKind kind) =>
        $"n-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{stop}\n{strategy}\n{kind}")))[..IdCharacters]}";

    private async Task TakeUpAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var left in await _ledger.PendingNoticesAsync(Math.Min(MostLeftBehind, _options.MostWaiting), stoppingToken))
            {
                _ = _waiting.Writer.TryWrite(left.Notice); // One that finds no room stays pending.
            }
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            LogNotRecorded(e, "those of an earlier process");
        }
    }

    private async ValueTask TellAsync(StrategyNotice notice, CancellationToken stoppingToken)
    {
        try
        {
            var answer = await _ledger.FindStrategyAsync(notice.Strategy, stoppingToken) is { } strategy
                ? await _manager.TellAsync(strategy, notice, stoppingToken)
                : new(Told: false, 0, "there is no such strategy");
            if (answer.Told || !stoppingToken.IsCancellationRequested)
            {
                await RecordAsync(new(notice, answer.Told ? NoticeState.Told : NoticeState.NotTold, _time.GetUtcNow(), answer.Attempts, answer.Why));
            }
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            LogNotRecorded(e, notice.Id);
        }
    }

    private async Task RecordAsync(NoticeOutcome outcome)
    {
        try
        {
            await _ledger.RecordNoticeAsync(outcome, CancellationToken.None);
        }
        catch (LedgerUnavailableException e)
        {
            LogNotRecorded(e, outcome.Notice.Id); // A notice is no obligation; the pause stands in the ledger.
        }
    }

    [LoggerMessage(EventIds.NoticeFailed, LogLevel.Error, "Notice {NoticeId} could not be told or recorded")]
    private partial void LogNotRecorded(Exception e, string noticeId);
}
