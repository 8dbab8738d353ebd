using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Risk;
using EmergencyStop.Risk;

namespace EmergencyStop.Grains.Risk;

/// <summary>Acts on what was judged: writes it first, then stops; re-bases a rule whose stop was released.</summary>
/// <remarks>Whatever is cut off between the steps is taken up by the next look: a stop has the same key again.</remarks>
public sealed class RiskActing(ILedger ledger, RiskStops stops, RiskAnnouncements announcements, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Acts on one rule's watch.</summary>
    /// <returns>Whether it was still this activation's to act on; otherwise the ledger is to be read again.</returns>
    internal async Task<bool> ActAsync(RiskSeat seat, RiskChange change)
    {
        if (seat.Watch.IsStopping && seat.Watch.Breach is { Stop: { } stop } broken)
        {
            switch (await StandingAsync(stop))
            {
                case { HoldsLatch: false }:
                    return await RebaseAsync(seat, stop);
                case null:
                    return await StopAsync(seat, broken); // It braked, and was recorded as another's of the same key: which one, the key says.
            }
        }

        if (seat.MustSave() && !await SaveAsync(seat, Entry(seat, change)))
        {
            return false;
        }

        announcements.Tell(seat.Version, seat.Watch, change, seat.Words);
        return seat.Watch is not { IsStopping: true, Breach: { Stop: null } breach } || await StopAsync(seat, breach);
    }

    /// <summary>Tells that a rule threw: an event of its own (F12).</summary>
    internal async Task TellFailedAsync(RiskRuleVersion version, UserId user, Exception e)
    {
        announcements.Failed(version, user, e);
        try
        {
            await LedgerPatience.WithinAsync(() => ledger.AppendEventAsync(RiskEvents.Failed(version, user, time.GetUtcNow()), CancellationToken.None), Patience, time);
        }
        catch (LedgerUnavailableException)
        {
            // The log has it.
        }
    }

    private async Task<bool> StopAsync(RiskSeat seat, RiskBreach breach)
    {
        var stop = await stops.StopAsync(seat.Version.Rule, seat.Watch, breach);
        announcements.Stopped(seat.Version.Rule, seat.Watch, stop);
        seat.Watch = seat.Watch with { Breach = breach with { Stop = stop } };
        return await SaveAsync(seat, entry: null);
    }

    private async Task<bool> RebaseAsync(RiskSeat seat, StopId stop)
    {
        seat.Rebase($"stop {stop} was released", time.GetUtcNow());
        if (!await SaveAsync(seat, RiskAudit.Of(seat.Watch, EventTypes.RiskRebased, seat.Watch.RebasedWhy ?? string.Empty, time.GetUtcNow())))
        {
            return false;
        }

        announcements.Rebased(seat.Version.Rule, seat.Watch);
        return true;
    }

    /// <summary>The stop as the ledger has it; one that holds, where the ledger cannot say: without proof it stands.</summary>
    private async Task<Standing?> StandingAsync(StopId stop)
    {
        try
        {
            return await LedgerPatience.WithinAsync(() => ledger.FindStopAsync(stop, CancellationToken.None).AsTask(), Patience, time) is { } found
                ? new(found.HoldsLatch)
                : null;
        }
        catch (LedgerUnavailableException)
        {
            return new(HoldsLatch: true);
        }
    }

    /// <summary>Writes the watch. A ledger that cannot be written holds no stop back: memory goes on, and the key makes it one stop.</summary>
    private async Task<bool> SaveAsync(RiskSeat seat, AuditEntry? entry)
    {
        var watch = seat.Watch with { Revision = seat.Saved.Revision };
        try
        {
            if (await LedgerPatience.WithinAsync(() => ledger.SaveRiskWatchAsync(watch, entry, CancellationToken.None), Patience, time) is not { } saved)
            {
                return false;
            }

            (seat.Watch, seat.Saved) = (saved, saved);
        }
        catch (LedgerUnavailableException e)
        {
            announcements.NotSaved(seat.Watch.User, e);
        }

        return true;
    }

    private AuditEntry? Entry(RiskSeat seat, RiskChange change) => change switch
    {
        RiskChange.Warned => RiskAudit.Of(seat.Watch, EventTypes.RiskWarned, seat.Words, time.GetUtcNow()),
        RiskChange.Broken => RiskAudit.Of(seat.Watch, seat.Watch.Breach is { Shadow: true } ? EventTypes.RiskShadowBreached : EventTypes.RiskBreached, seat.Words, time.GetUtcNow()),
        _ => null,
    };

    private sealed record Standing(bool HoldsLatch);
}
