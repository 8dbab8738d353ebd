using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Simulation.Tests.Machine;
using EmergencyStop.Stopping;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <summary>Carries out what a scenario's people and programs do: each request goes to some process, and is asked again elsewhere where no answer comes.</summary>
public sealed class Cast(Stage stage)
{
    private const int MostTries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(7);

    private readonly List<Heard> _heard = [];
    private readonly List<Heard> _presses = [];
    private readonly Dictionary<int, OrderId> _orders = [];
    private readonly Dictionary<int, StopId> _stops = [];

    /// <summary>Every request, oldest first.</summary>
    public IReadOnlyList<Heard> Heard => _heard;

    /// <summary>Those of them that were to stop something, oldest first.</summary>
    public IReadOnlyList<Heard> Presses => _presses;

    /// <summary>Told of each answer when it comes.</summary>
    public Action<Heard>? Answered { get; set; }

    /// <summary>Does what the act says.</summary>
    public void Do(Act act)
    {
        switch (act)
        {
            case Act.Kill kill:
                stage.Kill(kill.Slot);
                stage.World.After(kill.Gone, null, () => stage.Start(kill.Slot));
                break;
            case Act.Freeze freeze:
                stage.Freeze(freeze.Slot, freeze.Lasts);
                break;
            case Act.FreezeSender freeze:
                stage.FreezeNextSender(freeze.Lasts);
                break;
            case Act.Jump jump:
                stage.Jump(jump.Slot, jump.By);
                break;
            case Act.LoseEngage lose:
                stage.Lane.LoseNextEngage(lose.Lasts);
                break;
            case Act.LedgerDown down:
                stage.Lane.GoDown(down.Lasts);
                break;
            case Act.Cut cut:
                stage.Cut(cut.Slot, cut.Lasts);
                break;
            case Act.VenueDown down:
                stage.World.Note("venue", $"{down.Account?.Value ?? "all of it"} is down for {down.Lasts.TotalMilliseconds:0} ms");
                stage.Venue.Faults.Down(stage.World.Now + down.Lasts, down.Account);
                break;
            case Act.MarketClosed closed:
                stage.World.Note("venue", $"the market is closed for {closed.Lasts.TotalMilliseconds:0} ms");
                stage.Venue.Faults.CloseMarket(stage.World.Now + closed.Lasts);
                break;
            case Act.Foreign foreign:
                stage.Venue.PlaceForeign(AccountId.Parse(foreign.Terms.User.Value), foreign.Terms.Symbol, foreign.Terms.Side, foreign.Terms.Quantity);
                break;
            case Act.Press { Times: > 1 } press:
                Ask(press, 1);
                stage.World.After(stage.World.RandomOf($"act {act.Number}").LogBetween(TimeSpan.FromMicroseconds(50), TimeSpan.FromSeconds(2)), null, () => Ask(press, 1));
                break;
            default:
                Ask(act, 1);
                break;
        }
    }

    private void Ask(Act act, int attempt)
    {
        var random = stage.World.RandomOf($"act {act.Number}");
        if (stage.Someone(random) is not { } service)
        {
            stage.World.After(Patience, null, () => AskAgain(act, attempt));
            return;
        }

        if (CallOf(act, service, random) is not { } call)
        {
            return; // There is nothing to ask for yet.
        }

        var heard = new Heard(act, attempt, service.Process.Name, stage.World.Now);
        _heard.Add(heard);
        if (act is Act.Press)
        {
            _presses.Add(heard);
        }

        Note(() => $"asks {heard.Process}: {Words.Of(act, _stops, _orders)}{(attempt > 1 ? " again" : string.Empty)}");
        stage.World.After(TimeSpan.FromMicroseconds(random.Next(300)), service.Process, () => _ = ListenAsync(heard, call));
        stage.World.After(Patience, null, () =>
        {
            if (heard.Answer is null or Exception)
            {
                AskAgain(act, attempt);
            }
        });
    }

    /// <summary>The words are made only where somebody listens: making them takes longer than the call.</summary>
    private void Note(Func<string> what)
    {
        if (stage.World.Listener is not null)
        {
            stage.World.Note("caller", what());
        }
    }

    private void AskAgain(Act act, int attempt)
    {
        if (attempt < MostTries)
        {
            Ask(act, attempt + 1);
        }
    }

    private async Task ListenAsync(Heard heard, Func<Task<object?>> call)
    {
        object? answer;
        try
        {
            answer = await call();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            answer = e;
        }

        if (answer is not null)
        {
            heard.Hear(answer, stage.World.Now);
            Learn(heard, answer);
            Note(() => $"hears from {heard.Process} about act {heard.Act.Number}: {Words.OfAnswer(answer)}");
            Answered?.Invoke(heard);
        }
    }

    private void Learn(Heard heard, object answer)
    {
        switch (answer)
        {
            case PlaceAnswer.Admitted admitted:
                _orders[heard.Act.Number] = admitted.Order.Id;
                break;
            case StopAnswer.Engaged engaged:
                _stops[heard.Act.Number] = engaged.Stop.Id;
                break;
            default:
                break;
        }
    }

    private Func<Task<object?>>? CallOf(Act act, SimulatedService service, SeededRandom random)
    {
        var (grains, now) = (service.Grains, service.Process.Time.GetUtcNow());
        switch (act)
        {
            case Act.Place place:
                return async () => await grains.GetGrain<IUserGrain>(place.Terms.User.Value).PlaceAsync(place.Terms, CancellationToken.None);
            case Act.Cancel cancel when _orders.TryGetValue(cancel.Order, out var order) && stage.Store.FindOrder(order) is { } row:
                return async () => await grains.GetGrain<IUserGrain>(row.Terms.User.Value).CancelAsync(order, CancellationToken.None);
            case Act.Replace replace when _orders.TryGetValue(replace.Order, out var order) && stage.Store.FindOrder(order) is { } row:
                return async () => await grains.GetGrain<IUserGrain>(row.Terms.User.Value).ReplaceAsync(order, replace.Changes, replace.Name, CancellationToken.None);
            case Act.PassGate pass when _stops.TryGetValue(pass.Stop, out var stop):
                return async () => await grains.GetGrain<IUserGrain>(pass.Terms.User.Value)
                    .PlacePastGateAsync(pass.Terms, new(stop, PlanMaker.Officer(0), "simulated"), CancellationToken.None);
            case Act.Press press:
                var wait = random.Chance(0.5) ? TimeSpan.Zero : random.LogBetween(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(5));
                return async () => await service.System.StopAsync(press.Request with { RequestedAt = service.Process.Time.GetUtcNow() }, wait, CancellationToken.None);
            case Act.Release release when _stops.TryGetValue(release.Stop, out var stop):
                return async () => await service.System.ReleaseAsync(
                    new(stop, PlanMaker.Officer(1), "simulated", release.Resumes, now) { DespiteOutstanding = release.Despite }, CancellationToken.None);
            case Act.Except except when _stops.TryGetValue(except.Stop, out var stop):
                var part = new ExceptRequest(stop, except.Part, PlanMaker.Officer(0), "simulated", now);
                return except.PutBack
                    ? async () => await service.Degrees.PutBackAsync(part, CancellationToken.None)
                    : async () => await service.Degrees.ExceptAsync(part, CancellationToken.None);
            case Act.Escalate escalate when _stops.TryGetValue(escalate.Stop, out var stop):
                return async () => await service.Degrees.EscalateAsync(new(stop, PlanMaker.Officer(0), "simulated", now), CancellationToken.None);
            case Act.Waive waive when _stops.TryGetValue(waive.Stop, out var stop):
                return () => WaiveAsync(service, stop, random);
            case Act.Resume resume:
                return async () => await grains.GetGrain<IStrategyGrain>(resume.Strategy.Value).ResumeAsync(PlanMaker.Officer(0), "simulated", CancellationToken.None);
            default:
                return null;
        }
    }

    /// <summary>Waives one of the debts that the stop has, as somebody does who has looked.</summary>
    private static async Task<object?> WaiveAsync(SimulatedService service, StopId stop, SeededRandom random)
    {
        var debts = await service.Degrees.ObligationsAsync(new(stop, null, null), CancellationToken.None);
        return debts.Items.Length > 0 && random.Pick(debts.Items) is var debt
            ? await service.Degrees.WaiveAsync(
                new(stop, debt.Item.Kind, debt.Item.Item, PlanMaker.Officer(0), "simulated", service.Process.Time.GetUtcNow()), CancellationToken.None)
            : null;
    }
}
