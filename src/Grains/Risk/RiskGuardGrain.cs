using System.Collections.Immutable;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Risk;
using EmergencyStop.Venues;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace EmergencyStop.Grains.Risk;

/// <summary>Watches one user by the rules: reads the account, counts orders, judges, and has acted on what is broken.</summary>
[Reentrant]
public sealed class RiskGuardGrain(
    ILedger ledger, IVenue venue, IAccountMap accounts, RiskRules rules, RiskActing acting, RiskAnnouncements announcements, TimeProvider time, IOptions<RiskOptions> options)
    : Grain, IRiskGuardGrain
{
    private readonly SettledEquity _settled = new();
    private readonly TradingDay _day = TradingDay.Of(options.Value);
    private RiskSeats _seats = null!; // Set at the activation, before any call.
    private EquityReading? _equity;
    private string? _why;
    private long? _lookedAt;
    private long? _readAt;
    private bool _looking;
    private long _counted;

    private UserId User => UserId.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _seats = new(User);
        _seats.Take(await ledger.RiskWatchesAsync(User, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (_looking || (_lookedAt is { } last && time.GetElapsedTime(last) < options.Value.LookEvery / 2))
        {
            return;
        }

        _looking = true;
        try
        {
            _seats.Take(rules.Of(User), time.GetUtcNow());
            var reads = _seats.All.Any(s => !s.Version.Rule.IsRate);
            var fresh = reads && await ReadAsync(cancellationToken);
            _lookedAt = time.GetTimestamp();
            _readAt ??= _lookedAt; // Silence counts from the first look.
            await JudgeAsync(_seats.All, fresh);
        }
        finally
        {
            _looking = false;
        }
    }

    /// <inheritdoc/>
    public async Task ObserveAsync(ImmutableArray<RiskOrderEvent> events)
    {
        var fresh = events.RemoveAll(e => e.Id <= _counted);
        if (fresh.IsEmpty)
        {
            return;
        }

        _counted = fresh.Max(e => e.Id);
        var now = time.GetUtcNow();
        _seats.Take(rules.Of(User), now);
        _seats.Count(rules.Of(User), fresh, now);
        await JudgeAsync(_seats.All.Where(s => s.Version.Rule.IsRate), fresh: false);
    }

    /// <inheritdoc/>
    public async Task<RiskFigures> ShowAsync(CancellationToken cancellationToken)
    {
        if (_lookedAt is null)
        {
            await LookAsync(cancellationToken);
        }

        var stale = _equity is null || time.GetElapsedTime(_readAt ?? 0) > options.Value.StaleAfter;
        return new(User, _equity, stale, _why, [.. _seats.All.Select(s => new RiskFigure(s.Version, s.Watch, s.Value, s.Words))]);
    }

    /// <summary>Reads the account once, within a bound.</summary>
    /// <returns>Whether there is a new reading.</returns>
    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.Value.ReadTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var why = "it did not answer in time";
        EquityReading? read = null;
        try
        {
            (read, var refused) = await AccountFigures.ReadAsync(venue, accounts.AccountOf(User), time, either.Token);
            why = refused ?? why;
        }
        catch (OperationCanceledException)
        {
            // Said below.
        }
        catch (OverflowException)
        {
            why = "its figures are too large to be added up";
        }

        Tell(read is null ? why : null);
        if (read is null)
        {
            RiskMeasures.CouldNotRead();
            return false;
        }

        if (_equity?.VenueBegan != read.VenueBegan)
        {
            _settled.Clear();
        }

        _settled.Add(read.Amount);
        (_equity, _readAt) = (read, time.GetTimestamp());
        return true;
    }

    /// <summary>Says once that the account cannot be read, and once that it can again.</summary>
    private void Tell(string? why)
    {
        if (why is not null && _why is null)
        {
            announcements.Blind(User, why);
        }
        else if (why is null && _why is not null)
        {
            announcements.Sees(User);
        }

        _why = why;
    }

    private Task<bool[]> JudgeAsync(IEnumerable<RiskSeat> seats, bool fresh) =>
        FanOut.InWindowsAsync([.. seats.Where(s => !s.Busy)], options.Value.Window, async seat =>
        {
            await JudgeAsync(seat, fresh);
            return true;
        });

    /// <summary>Judges one rule. One that throws is told of, and the others go on.</summary>
    private async Task JudgeAsync(RiskSeat seat, bool fresh)
    {
        seat.Busy = true;
        try
        {
            var now = time.GetUtcNow();
            if (fresh && _equity?.VenueBegan is { } began && seat.Watch.VenueBegan != began && seat.Version.Rule.IsEquity)
            {
                seat.BeginAnew(began, now);
            }

            var silent = _readAt is { } at ? time.GetElapsedTime(at) : (TimeSpan?)null;
            var change = seat.Judge(new(_equity, seat.Counts, silent), _settled.Value, _day.At(now), fresh, now);
            if (!await acting.ActAsync(seat, change))
            {
                _seats.Take(await ledger.RiskWatchesAsync(User, CancellationToken.None)); // A twin of this grain was first.
            }

            seat.Failing = false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var before = seat.Failing;
            seat.Failing = true;
            if (!before)
            {
                await acting.TellFailedAsync(seat.Version, User, e);
            }
        }
        finally
        {
            seat.Busy = false;
        }
    }
}
