using System.Collections.Immutable;
using System.Globalization;
using EmergencyStop.Events;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Events;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Grains.Events;

/// <summary>Delivers the outbox to one handler: in order, at least once, its position in the ledger.</summary>
/// <remarks>
/// One process at a time has the handler. What fails is tried again, then set aside in the same commit that moves the
/// position past it: it is in one of the two places whatever dies in between.
/// </remarks>
internal sealed partial class EventDelivery(IEventHandler handler, string holder, ILedger ledger, TimeProvider time, EventOptions options, ILogger log)
{
    /// <summary>Most events handled before their position is kept: as many may come twice after a crash.</summary>
    private const int MostUnkept = 32;

    /// <summary>Most events tried again, at a person's wish, before the next new one.</summary>
    private const int MostRetried = 16;

    private readonly EventAttempts _attempts = new(time, options, log);
    private Task? _news;
    private DateTimeOffset _heldUntil;
    private long _position;
    private long _kept;
    private bool _interrupted;

    /// <summary>Delivers until it is told to end.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await TurnAsync(stopping);
                _interrupted = false;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (!_interrupted)
                {
                    LogInterrupted(e, handler.Name); // Mostly the ledger's trouble, told once: the next turn reads the position again.
                }

                (_interrupted, _heldUntil) = (true, default);
                await PauseAsync(stopping);
            }
        }

        await LetGoAsync();
    }

    private async Task TurnAsync(CancellationToken stopping)
    {
        if (!await HoldAsync())
        {
            await PauseAsync(stopping);
            return;
        }

        _news = _news is { IsCompleted: false } ? _news : ledger.EventsAfterAsync(_position, stopping); // Before the page is read: nothing falls between.
        var page = await ledger.EventsAsync(new(_position), stopping);
        if (!await MindGapAsync(page) || !await DeliverAsync(page, stopping) || !await RetryAsync(stopping) || page.Through < page.Last)
        {
            return;
        }

        await Task.WhenAny(_news, Task.Delay(options.PollEvery, time, stopping));
    }

    /// <summary>Whether this process has the handler for longer than one attempt takes.</summary>
    private async Task<bool> HoldAsync()
    {
        var now = time.GetUtcNow();
        if (_heldUntil - now > options.Lease / 2)
        {
            return true;
        }

        var fresh = _heldUntil == default;
        var until = now + options.Lease;
        if (await ledger.HoldConsumerAsync(handler.Name, holder, now, until, CancellationToken.None) is not { } position)
        {
            _heldUntil = default;
            return false;
        }

        if (!fresh && position != _kept)
        {
            _heldUntil = default; // Its time was over for a while, and another process has moved it: begin anew from there.
            return false;
        }

        _heldUntil = until;
        _position = fresh ? position : _position;
        _kept = position;
        return true;
    }

    /// <summary>What was dropped before it was delivered, or forgotten by a ledger that was restored, is said loudly and passed.</summary>
    private async Task<bool> MindGapAsync(EventPage page)
    {
        if (_position > page.Last)
        {
            LogForgotten(handler.Name, _position, page.Last);
            return await KeepAsync(page.Last, []);
        }

        if (_position + 1 < page.Oldest)
        {
            var (from, to) = (_position + 1, page.Oldest - 1);
            LogLost(handler.Name, from, to);
            var lost = new LedgerEvent("events.dropped", handler.Name, time.GetUtcNow(), EventAudience.Desk, $$"""{"from":{{from}},"to":{{to}}}""");
            return await KeepAsync(to, [Aside(new(to, lost), new(AttemptEnd.Failed, 0, $"Events {from} to {to} were dropped before this handler had them.", null))]);
        }

        return true;
    }

    private async Task<bool> DeliverAsync(EventPage page, CancellationToken stopping)
    {
        var unkept = 0;
        foreach (var one in page.Events)
        {
            if (handler.Wants(one.Event.Type))
            {
                var done = await _attempts.RunAsync(handler.Name, $"{one.Event.Type} {one.Id}", t => handler.HandleAsync(Told(one), t), HoldAsync, stopping);
                if (done.End == AttemptEnd.Undecided)
                {
                    return false;
                }

                unkept++;
                if (done.End == AttemptEnd.Failed)
                {
                    EventMeasures.SetAside(handler.Name);
                    LogSetAside(done.Last, handler.Name, one.Event.Type, one.Id, one.Event.Subject, done.Attempts);
                }

                if ((done.End == AttemptEnd.Failed || unkept >= MostUnkept) && !await KeepAsync(one.Id, done.End == AttemptEnd.Failed ? [Aside(one, done)] : []))
                {
                    return false;
                }
            }

            _position = one.Id;
        }

        _position = Math.Max(_position, page.Through);
        return (unkept == 0 && _position - _kept < MostUnkept) || await KeepAsync(_position, []);
    }

    /// <summary>Tries again what a person has looked at.</summary>
    private async Task<bool> RetryAsync(CancellationToken stopping)
    {
        var wanted = await ledger.EventsSetAsideAsync(new(handler.Name, SetAsideState.Retrying, Limit: MostRetried), stopping);
        foreach (var one in wanted.Items.Reverse())
        {
            var happened = new BusEvent(one.EventId, one.Source, one.Type, one.Subject, one.Time, one.Data);
            var done = await _attempts.RunAsync(handler.Name, $"{one.Type} {one.EventId}", t => handler.HandleAsync(happened, t), HoldAsync, stopping);
            if (done.End == AttemptEnd.Undecided)
            {
                return false;
            }

            var to = done.End == AttemptEnd.Handled ? SetAsideState.Handled : SetAsideState.Waiting;
            await ledger.SettleSetAsideAsync(new(one.Number, to, time.GetUtcNow(), null, done.Why, done.Attempts), CancellationToken.None);
            if (to == SetAsideState.Waiting)
            {
                LogSetAside(done.Last, handler.Name, one.Type, long.TryParse(one.EventId, CultureInfo.InvariantCulture, out var id) ? id : 0, one.Subject, one.Attempts + done.Attempts);
            }
        }

        return true;
    }

    private async Task<bool> KeepAsync(long position, ImmutableArray<EventSetAside> setAside)
    {
        if (!await ledger.AdvanceConsumerAsync(new(handler.Name, holder, position, setAside), CancellationToken.None))
        {
            _heldUntil = default; // Another process has it by now, and delivers again what was not kept.
            return false;
        }

        _position = _kept = position;
        return true;
    }

    /// <summary>At an orderly end the next process need not wait, nor hear anything twice.</summary>
    private async Task LetGoAsync()
    {
        try
        {
            var now = time.GetUtcNow();
            if (_heldUntil > now && await KeepAsync(_position, []))
            {
                await ledger.HoldConsumerAsync(handler.Name, holder, now, now, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogInterrupted(e, handler.Name);
        }
    }

    private EventSetAside Aside(StoredEvent one, Attempted done)
    {
        var told = Told(one);
        return new(0, handler.Name, told.Source, told.Id, told.Type, told.Subject, told.Time, told.Data, done.Attempts, done.Why, time.GetUtcNow());
    }

    private static BusEvent Told(StoredEvent one) => new(
        one.Id.ToString(CultureInfo.InvariantCulture), BusEvent.OwnSource, one.Event.Type, one.Event.Subject, one.Event.At, one.Event.Data);

    private async Task PauseAsync(CancellationToken stopping) =>
        await Task.Delay(options.PollEvery, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(EventIds.EventSetAside, LogLevel.Error, "Handler {Handler} could not take in {Type} {Id} of {Subject} in {Attempts} attempts: it is set aside for a person, and the next event comes")]
    private partial void LogSetAside(Exception? e, string handler, string type, long id, string subject, int attempts);

    [LoggerMessage(EventIds.EventsLost, LogLevel.Error, "Events {From} to {To} were dropped before handler {Handler} had them: it was away for too long; what they told stands in the stops")]
    private partial void LogLost(string handler, long from, long to);

    [LoggerMessage(EventIds.EventsLost, LogLevel.Error, "Handler {Handler} has had events up to {Position}, and the ledger knows none after {Last}: it was restored; the handler goes on from there")]
    private partial void LogForgotten(string handler, long position, long last);

    [LoggerMessage(EventIds.EventDeliveryInterrupted, LogLevel.Warning, "Delivery to handler {Handler} was interrupted and goes on where its position was kept")]
    private partial void LogInterrupted(Exception e, string handler);
}
