using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <content>The moments.</content>
public sealed partial class Themes
{
    /// <summary>A risk officer sends orders past the gate while the stop is about to ask for mass cancels, which take effect late.</summary>
    private void PastTheGateBeforeAMassCancel()
    {
        Alone();
        Calm();
        _plan = _plan with { Venue = _plan.Venue with { MassCancel = true } };
        Rate("venue: MassCancelLate", 1);
        var at = At(0.2, 0.5);
        foreach (var user in _plan.Users)
        {
            var bought = Order(user, OrderSide.Buy, 40, null);
            Add(n => new Act.Place(at * 0.3, n, bought));
            Rest(user, 5, at);
        }

        var stop = Press(at, StopTarget.System);
        for (var i = 0; i < 3 * _plan.Users.Length; i++)
        {
            var (sent, terms) = (at + TimeSpan.FromMilliseconds(1.5) + Within(5), Order(_plan.Users[i % _plan.Users.Length], OrderSide.Sell, 1, 150, reduceOnly: true));
            Add(n => new Act.PassGate(sent, n, stop, terms));
        }
    }

    /// <summary>Orders are placed past the service in the moment in which a stop is released.</summary>
    private void PlacedAsTheGateOpens()
    {
        Alone();
        _plan = _plan with { Venue = _plan.Venue with { Pushes = _random.Chance(0.8) } };
        foreach (var user in _plan.Users.Take(3))
        {
            var at = At(0, 0.2);
            var stop = Press(at, StopTarget.Of(user));
            for (var tries = 0; tries < 3; tries++)
            {
                var opens = at + TimeSpan.FromSeconds(0.5 + (1.5 * tries)) + Within(500);
                Add(n => new Act.Release(opens, n, stop, Resumes: false, Despite: false));
                for (var i = 0; i < 4; i++)
                {
                    var (placed, terms) = (opens + Within(8) - TimeSpan.FromMilliseconds(4), Resting(user));
                    Add(n => new Act.Foreign(placed, n, terms));
                }
            }
        }
    }

    /// <summary>A stop is released despite its debts, while the account that owes them cannot be reached: they have to be paid all the same.</summary>
    private void ReleasedInPart()
    {
        Alone();
        Calm();
        var user = _random.Pick(_plan.Users);
        var at = At(0.1, 0.3);
        var bought = Order(user, OrderSide.Buy, 5, null);
        Add(n => new Act.Place(at * 0.3, n, bought));
        Add(n => new Act.VenueDown(at, n, AccountId.Parse(user.Value), TimeSpan.FromSeconds(4) + Within(2000)));
        var stop = Press(at, StopTarget.System, StopOptions.Panic);
        for (var tries = 0; tries < 3; tries++)
        {
            var released = at + TimeSpan.FromSeconds(1.2 + (0.6 * tries)) + Within(600);
            Add(n => new Act.Release(released, n, stop, Resumes: false, Despite: true));
        }
    }

    /// <summary>Orders are placed past the service all the while a stop works: one turns up in the moment in which a pass ends.</summary>
    private void PlacedAsAPassEnds()
    {
        Alone();
        Calm();
        _plan = _plan with { Venue = _plan.Venue with { Pushes = true } };
        var user = _random.Pick(_plan.Users);
        var at = At(0.1, 0.3);
        Rest(user, 3, at);
        Press(at, StopTarget.Of(user));
        for (var i = 0; i < 40; i++)
        {
            var (placed, terms) = (at + Within(800), Resting(user));
            Add(n => new Act.Foreign(placed, n, terms));
        }
    }

    /// <summary>A stop is recorded, its process does not hear of it and holds it on the spool; others bring it to its end and release it.</summary>
    private void EngageWithoutAnAnswer()
    {
        Alone();
        AtLeastTwoProcesses();
        var at = At(0.1, 0.2);
        var lasts = _plan.Chaos * 0.7;
        Add(n => new Act.LoseEngage(at, n, lasts));
        var stop = Press(at + TimeSpan.FromMilliseconds(1), StopTarget.Of(_random.Pick(_plan.Users)));
        Release(stop, at + (lasts * 0.2), at + lasts, 10);
    }

    /// <summary>Orders are long on their way to a venue that shows them late and answers late, and their senders are gone.</summary>
    private void WrittenLateAndShownLate()
    {
        Alone();
        Calm();
        _plan = _plan with { Venue = _plan.Venue with { Pushes = false }, Chaos = TimeSpan.FromSeconds(9) };
        Rate("venue: LateVisibility", 1);
        Rate("venue: SlowRequest", 0.6);
        Rate("venue: SlowAnswer", 0.8);
        Rate(Rates.VerySlow, 1);
        var killed = At(0.1, 0.2);
        for (var slot = 0; slot < _plan.Processes; slot++)
        {
            var process = slot;
            Add(n => new Act.Kill(killed, n, process, TimeSpan.FromMilliseconds(5) + Within(25)));
        }

        foreach (var user in _plan.Users)
        {
            for (var i = 0; i < 2; i++)
            {
                var (placed, terms) = (killed - TimeSpan.FromMilliseconds(5) - Within(120), Resting(user));
                Add(n => new Act.Place(placed, n, terms));
            }
        }
    }

    /// <summary>Every process starts while the ledger is away, and orders come in the moment in which it returns.</summary>
    private void AsTheLedgerComesBack()
    {
        Alone();
        var (down, lasts) = (At(0.2, 0.5), TimeSpan.FromMilliseconds(600) + Within(600));
        Add(n => new Act.LedgerDown(down, n, lasts));
        for (var slot = 0; slot < _plan.Processes; slot++)
        {
            var (killed, process) = (down + Within(100), slot);
            var back = lasts - (killed - down) - TimeSpan.FromMilliseconds(20) - Within(60);
            Add(n => new Act.Kill(killed, n, process, back));
        }

        for (var i = 0; i < 60; i++)
        {
            var (placed, terms) = (down + lasts + TimeSpan.FromMilliseconds(0.3) - Within(2), Resting(_random.Pick(_plan.Users)));
            Add(n => new Act.Place(placed, n, terms));
        }
    }

    /// <summary>A venue takes a mass cancel in and carries it out a while later, without a word; meanwhile the stop is released, and the users go on.</summary>
    private void MassCancelThatTakesEffectLate()
    {
        Alone();
        Calm();
        _plan = _plan with { Venue = _plan.Venue with { MassCancel = true }, Chaos = TimeSpan.FromSeconds(9) };
        Rate("venue: MassCancelLate", 0.9);
        if (_random.Chance(0.5))
        {
            var (jumps, slot) = (At(0.15, 0.4), _random.Next(_plan.Processes));
            Add(n => new Act.Jump(jumps, n, slot, TimeSpan.FromSeconds(30)));
        }

        foreach (var user in _plan.Users.Take(3))
        {
            var at = At(0.1, 0.2);
            Rest(user, 6, at);
            var stop = Press(at, StopTarget.Of(user));
            Release(stop, at + TimeSpan.FromSeconds(2), at + TimeSpan.FromSeconds(3.5), 8);
            for (var i = 0; i < 10; i++)
            {
                var (placed, terms) = (at + TimeSpan.FromSeconds(2) + Within(2500), Resting(user));
                Add(n => new Act.Place(placed, n, terms));
            }
        }
    }

    /// <summary>Stops are pressed while the ledger is away and the venue answers.</summary>
    private void PressedDuringAnOutage()
    {
        _plan = _plan with { Rates = _plan.Rates.WithoutVenue().Without("commit stalls") };
        var down = At(0.2, 0.4);
        Add(n => new Act.LedgerDown(down, n, _plan.Chaos));
        foreach (var user in _plan.Users)
        {
            Rest(user, 4, down);
        }

        for (var i = 0; i < 2; i++)
        {
            var user = _random.Pick(_plan.Users);
            var target = _random.Next(3) switch
            {
                0 => StopTarget.Of(user),
                1 => StopTarget.Of(_plan.Symbols[0]),
                _ => StopTarget.System,
            };
            Press(down + Within(1500), target, _random.Chance(0.4) ? StopOptions.Panic : null);
        }
    }

    /// <summary>A venue tells of fills, once each, and the ledger refuses many commits.</summary>
    private void FillsThatTheLedgerRefuses()
    {
        Calm();
        _plan = _plan with { Venue = _plan.Venue with { Pushes = true } };
        Rate("commit fails", 0.15);
        for (var i = 0; i < 25; i++)
        {
            var (placed, terms) = (At(0, 0.6), Order(_random.Pick(_plan.Users), OrderSide.Buy, 1 + _random.Next(5), 90));
            Add(n => new Act.Place(placed, n, terms));
        }
    }

    /// <summary>No other stop comes in between.</summary>
    private void Alone() =>
        _acts.RemoveAll(static a => a is Act.Press or Act.Release or Act.Waive or Act.Except or Act.Escalate or Act.PassGate or Act.Resume or Act.FreezeSender);

    /// <summary>No rate but those that are set, and every process runs.</summary>
    private void Calm()
    {
        _plan = _plan with { Rates = new([]) };
        _acts.RemoveAll(static a => a is Act.Kill or Act.Freeze or Act.FreezeSender or Act.Cut);
    }
}
