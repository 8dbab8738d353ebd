using System.Collections.Concurrent;
using System.Collections.Immutable;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Braking;

/// <summary>Cancels what one account shows open in a stop's scope, look by look; only the venue's word is an outcome (law 4).</summary>
/// <remarks>One look at a time; what it has come to may be read by anybody.</remarks>
/// <param name="stop">The stop.</param>
/// <param name="account">The account.</param>
/// <param name="sight">What is seen without the ledger.</param>
/// <param name="before">The highest number that memory knew of at the press.</param>
internal sealed class AccountBrake(Stop stop, AccountId account, BrakeSight sight, long before = long.MaxValue)
{
    private readonly ConcurrentDictionary<string, (VenueOrderReport Report, ItemOutcome Outcome)> _seen = new(StringComparer.Ordinal);
    private bool _massAsked;
    private volatile bool _massForbidden;
    private ItemOutcome? _unreadable;
    private volatile Shown _shown = new([], null);

    /// <summary>What became of each order seen, and of reading the account.</summary>
    public ImmutableArray<ItemOutcome> Outcomes => _shown.Items;

    /// <summary>A mass cancel that went unanswered: it may still arrive.</summary>
    public ItemOutcome? MassCancel => _shown.MassCancel;

    /// <summary>One look.</summary>
    /// <param name="ending">From then on nothing is cancelled: the ledger has the stop, and others may have released it while a venue was slow to answer.</param>
    /// <returns>Whether the account could be read and showed nothing in scope.</returns>
    public async Task<bool> LookAsync(CancellationToken ending)
    {
        var reading = await sight.Venue.OpenOrdersAsync(account, CancellationToken.None);
        if (ending.IsCancellationRequested)
        {
            return false;
        }

        if (reading is Reading<ImmutableArray<VenueOrderReport>>.Unreadable unreadable)
        {
            _unreadable = new(
                ObligationKind.Verification, account.Value, OutcomeKind.Unknown, sight.Time.GetUtcNow(), TimeSpan.Zero,
                Phase: "snapshot", Reason: $"{unreadable.Phase}: {unreadable.Reason}");
            Show();
            return false;
        }

        _unreadable = null;
        var open = reading is Reading<ImmutableArray<VenueOrderReport>>.Value v ? v.Is : [];
        ImmutableArray<VenueOrderReport> owed = [.. open.Where(o => sight.Covers(stop, o, before))];
        foreach (var report in owed)
        {
            _seen.TryAdd(report.VenueOrderId, (report, Open(report, 0, "it is open at the venue")));
        }

        await SettleGoneAsync([.. owed.Select(o => o.VenueOrderId)]);
        Show();
        if (!await TryMassCancelAsync(owed.Length, open.Length))
        {
            await FanOut.InWindowsAsync(owed, sight.Orders.CancelWindow, report => CancelAsync(report, ending));
        }

        Show();
        return owed.IsEmpty;
    }

    /// <summary>No mass cancel is begun from here on, and one that was begun shows in <see cref="MassCancel"/>.</summary>
    public void ForbidMassCancel()
    {
        _massForbidden = true;
        Interlocked.MemoryBarrier(); // Either the sender sees this, or whoever reads after this sees what is sent.
    }

    /// <summary>The look itself has failed, which proves nothing.</summary>
    public void Failed(string why)
    {
        _unreadable = new(
            ObligationKind.Verification, account.Value, OutcomeKind.Unknown, sight.Time.GetUtcNow(), TimeSpan.Zero, Phase: "snapshot", Reason: why);
        Show();
    }

    private async Task<bool> CancelAsync(VenueOrderReport report, CancellationToken ending)
    {
        if (ending.IsCancellationRequested)
        {
            return false;
        }

        var started = sight.Time.GetTimestamp();
        var id = OrderId.TryParse(report.ClientOrderId, out var ours, out _) || OrderId.TryParse(report.VenueOrderId, out ours, out _) ? ours : default;
        var outcome = await sight.Venue.CancelAsync(account, id, report.VenueOrderId, CancellationToken.None);
        var attempts = _seen[report.VenueOrderId].Outcome.Attempts + 1;
        var now = outcome switch
        {
            CancelOutcome.Reported { Report: var shown } when !shown.State.IsActive() => Ended(shown, attempts),
            CancelOutcome.NotCancelable n => Open(report, attempts, $"the venue would not cancel it: {n.Reason}"),
            CancelOutcome.Unknown u => Open(report, attempts, $"the cancel went unanswered ({u.Phase}): {u.Reason}"),
            _ => Open(report, attempts, "the cancel was sent; the venue has not shown its end yet"),
        };
        _seen[report.VenueOrderId] = (report, now with { Duration = sight.Time.GetElapsedTime(started) });
        return true;
    }

    /// <summary>One call in place of many, where the scope is exactly the account (F2); and once only: what it leaves is cancelled one by one.</summary>
    private async Task<bool> TryMassCancelAsync(int owed, int open)
    {
        var whole = sight.CoversWhole(stop, account);
        if (!whole || owed != open || owed < sight.Orders.MassCancelFrom || _massAsked
            || sight.Venue.Description.MassCancel != MassCancelScope.Account)
        {
            return false;
        }

        // A debt before it is sent: should the stop be handed to the ledger meanwhile, it blocks the release until it cannot arrive any more.
        _massAsked = true;
        using var window = new SendWindow(sight.Time, sight.Orders.SendWindow);
        OweMassCancel(window, "it is on its way");
        Interlocked.MemoryBarrier();
        if (_massForbidden)
        {
            _shown = _shown with { MassCancel = null };
            return false;
        }

        var outcome = await sight.Venue.CancelAllAsync(account, new MassCancelPermit(window, () => _massForbidden), CancellationToken.None);
        if (outcome is MassCancelOutcome.Unknown u)
        {
            OweMassCancel(window, $"{u.Phase}: {u.Reason}");
        }
        else
        {
            _shown = _shown with { MassCancel = null };
        }

        return outcome is MassCancelOutcome.Answered;
    }

    private void OweMassCancel(SendWindow window, string why)
    {
        var now = sight.Time.GetUtcNow();
        _shown = _shown with
        {
            MassCancel = new(
                ObligationKind.MassCancel, account.Value, OutcomeKind.Unknown, now, TimeSpan.Zero, Phase: "asked",
                Reason: $"the venue was asked to cancel everything and has not answered ({why})", NextTry: now + sight.Settles - window.Elapsed),
        };
    }

    /// <summary>What is no longer shown open has come to an end; which one, the venue says of each by its client order id.</summary>
    private async Task SettleGoneAsync(HashSet<string> open)
    {
        var gone = _seen.Where(s => !s.Value.Outcome.Outcome.IsMet() && !open.Contains(s.Key))
            .OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value.Report).ToArray();
        if (gone.Length == 0)
        {
            return;
        }

        var ids = gone.Where(r => OrderId.TryParse(r.ClientOrderId, out _, out _)).Select(r => OrderId.Parse(r.ClientOrderId)).Distinct().ToImmutableArray();
        var readings = await sight.Venue.FindOrdersAsync(account, ids, CancellationToken.None);
        foreach (var report in gone)
        {
            var attempts = _seen[report.VenueOrderId].Outcome.Attempts;
            var reading = OrderId.TryParse(report.ClientOrderId, out var id, out _) ? readings.GetValueOrDefault(id) : null;
            _seen[report.VenueOrderId] = (report, reading switch
            {
                Reading<VenueOrderReport>.Value { Is: var shown } when !shown.State.IsActive() => Ended(shown, attempts),
                null => Item(report, OutcomeKind.Ended, attempts) with { Reason = "the venue no longer shows it open" },
                _ => Open(report, attempts, "the venue no longer shows it open; how it ended could not be read yet"),
            });
        }
    }

    private ItemOutcome Ended(VenueOrderReport report, int attempts) =>
        Item(report, Evidence.Outcome(report.State), attempts) with { Reason = report.Reason };

    private ItemOutcome Open(VenueOrderReport report, int attempts, string why) =>
        Item(report, OutcomeKind.Unknown, attempts) with { Phase = "confirm", Reason = why };

    private ItemOutcome Item(VenueOrderReport report, OutcomeKind outcome, int attempts) => new(
        ObligationKind.Order,
        OrderId.TryParse(report.ClientOrderId, out var id, out _) ? id.Value : report.VenueOrderId,
        outcome,
        sight.Time.GetUtcNow(),
        TimeSpan.Zero,
        report.FilledQuantity,
        Attempts: attempts);

    private void Show() => _shown = _shown with
    {
        Items = [.. _seen.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value.Outcome), .. _unreadable is { } unreadable ? (ItemOutcome[])[unreadable] : []],
    };

    private sealed record Shown(ImmutableArray<ItemOutcome> Items, ItemOutcome? MassCancel);
}
