using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <content>Moments of stops that close positions.</content>
public sealed partial class Themes
{
    /// <summary>One strategy's position is closed while orders outside of the stop's scope work on the same side of it; nothing is slow.</summary>
    private void ClosedBesideOthers()
    {
        Alone();
        Calm();
        foreach (var strategy in _plan.Strategies.Take(2))
        {
            var at = At(0.3, 0.5);
            var bought = Order(strategy.Owner, OrderSide.Buy, 5 + _random.Next(5), null) with { Strategy = strategy.Id };
            Add(n => new Act.Place(at * 0.3, n, bought));
            for (var i = 0; i < 3; i++)
            {
                var (placed, terms) = (at * 0.5, Order(strategy.Owner, OrderSide.Sell, 1 + _random.Next(4), 160));
                Add(n => new Act.Place(placed, n, terms));
            }

            Press(at, StopTarget.Of(strategy.Id), StopOptions.Panic);
            if (_random.Chance(0.4))
            {
                AndAMassCancel(at);
            }
        }
    }

    /// <summary>Somebody's whole book is stopped while the other stop closes, by a mass cancel that is answered before it is through.</summary>
    private void AndAMassCancel(TimeSpan at)
    {
        _plan = _plan with { Venue = _plan.Venue with { Pushes = true, MassCancel = true } };
        Rate("venue: MassCancelAnsweredEarly", 0.9);
        var user = _random.Pick(_plan.Users);
        Rest(user, 5, at);
        Press(at + TimeSpan.FromMilliseconds(3) + Within(12), StopTarget.Of(user));
    }

    /// <summary>A stop that still cancels is to close positions too, and the process that was asked dies before it tells whoever carries the stop on.</summary>
    private void EscalatedUnheard()
    {
        Alone();
        Calm();
        _acts.RemoveAll(static a => a is Act.Place or Act.Foreign); // Whoever has an order is looked at anyhow.
        AtLeastTwoProcesses();
        Rate("venue: CancelDropped", 1);
        var at = At(0.2, 0.3);
        foreach (var user in _plan.Users)
        {
            var bought = Order(user, OrderSide.Buy, 5, null);
            Add(n => new Act.Place(at * 0.3, n, bought));
        }

        Rest(_plan.Users[0], 3, at);
        var stop = Press(at, StopTarget.System);
        var escalated = at + TimeSpan.FromMilliseconds(300) + Within(1000);
        Add(n => new Act.Escalate(escalated, n, stop));
        var (dies, slot) = (escalated + TimeSpan.FromMilliseconds(0.5) + Within(4), _random.Next(_plan.Processes));
        Add(n => new Act.Kill(dies, n, slot, TimeSpan.FromSeconds(1)));
    }

    /// <summary>Positions are closed and guards are kept; one account cannot be read for long, and in the others, flat already, the guards trade.</summary>
    private void GuardsTradeBehindAStop()
    {
        Alone();
        Calm();
        _plan = _plan with { Chaos = TimeSpan.FromSeconds(9) };
        var at = At(0.05, 0.1);
        foreach (var user in _plan.Users)
        {
            for (var i = 0; i < 3; i++)
            {
                var (placed, terms) = (at * _random.NextDouble(), Order(user, OrderSide.Sell, 1 + _random.Next(5), null) with { Type = OrderType.Stop, StopPrice = 40, Protective = true });
                Add(n => new Act.Place(placed, n, terms));
            }
        }

        var blind = AccountId.Parse(_plan.Users[0].Value);
        Add(n => new Act.VenueDown(at, n, blind, TimeSpan.FromSeconds(6)));
        Press(at + TimeSpan.FromMilliseconds(5), StopTarget.System, new StopOptions(ClosePositions: true, KeepProtective: true));
    }

    /// <summary>Closing orders are long on their way, and whoever sent them is gone: others take the stops up.</summary>
    private void ClosedByTheDead()
    {
        Alone();
        Calm();
        _acts.RemoveAll(static a => a is Act.Place or Act.Foreign);
        _plan = _plan with { Chaos = TimeSpan.FromSeconds(9) };
        Rate("venue: SlowRequest", 0.15);
        Rate(Rates.VerySlow, 1);
        var at = At(0.3, 0.4);
        foreach (var user in _plan.Users)
        {
            var bought = Order(user, OrderSide.Buy, 5, null);
            Add(n => new Act.Place(at * 0.1, n, bought));
            Press(at, StopTarget.Of(user), StopOptions.Panic);
        }

        for (var slot = 0; slot < _plan.Processes; slot++)
        {
            var (dies, process) = (at + TimeSpan.FromMilliseconds(10) + Within(30), slot);
            Add(n => new Act.Kill(dies, n, process, TimeSpan.FromMilliseconds(5) + Within(25)));
        }
    }
}
