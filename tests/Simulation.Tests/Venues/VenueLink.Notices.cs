using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <content>What a pushing venue tells unasked: in order per order, in no order between orders.</content>
public sealed partial class VenueLink
{
    private readonly List<IVenueObserver> _observers = [];

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The venue does not push.</exception>
    public void Subscribe(IVenueObserver observer)
    {
        if (!Description.PushesUpdates)
        {
            throw new NotSupportedException("This venue pushes no updates; see its description.");
        }

        _observers.Add(observer);
    }

    /// <summary>Sends a notice of an order as it is now.</summary>
    internal void Notify(ModelOrder order)
    {
        if (_observers.Count == 0 || !Process.IsAlive)
        {
            return;
        }

        var account = Of(order.Account.Id);
        if (account.Strikes(VenueFault.NoticeLost))
        {
            return;
        }

        var now = Venue.World.Now;
        var due = now + account.DrawLeg(VenueFault.NoticeLate);
        var down = Faults.DownUntil(account.Id);
        due = down > due ? down : due;
        order.NoticeDue = due > order.NoticeDue ? due : order.NoticeDue;
        var report = order.Report;
        Venue.World.After(order.NoticeDue - now, Process, () => Hand(report));
        if (account.Strikes(VenueFault.NoticeRepeated))
        {
            Venue.World.After(order.NoticeDue - now, Process, () => Hand(report));
        }
    }

    private void Hand(VenueOrderReport report)
    {
        foreach (var observer in _observers)
        {
            observer.OnOrder(report);
        }
    }
}
