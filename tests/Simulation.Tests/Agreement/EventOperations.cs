using EmergencyStop.Events;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Events;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>The outbox, those to whom its events are delivered, and what they could not take in.</summary>
internal static class EventOperations
{
    private static CancellationToken None => CancellationToken.None;

    public static ValueTask<Operation> Append(Scene scene, Choices c)
    {
        var audience = c.From(EventAudience.Desk, EventAudience.Everybody, EventAudience.Of(Scene.User(c)), EventAudience.Of(Scene.Accounts[0]));
        var happened = new LedgerEvent("risk.tested", c.From("SYSTEM", "r1"), scene.Now, audience, c.From("{}", "{\"rule\":\"r1\"}"));
        return new(Operation.Of(nameof(ILedger.AppendEventAsync), l => l.AppendEventAsync(happened, None), happened));
    }

    public static ValueTask<Operation> Prune(Scene scene, Choices c)
    {
        var before = scene.Now - c.From(TimeSpan.FromHours(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(-1));
        var most = c.From(1_000L, 40L, 10L, 0L);
        return new(Operation.Of(nameof(ILedger.PruneEventsAsync), l => l.PruneEventsAsync(before, most, None), before, most));
    }

    public static ValueTask<Operation> Hold(Scene scene, Choices c)
    {
        var (consumer, holder) = (c.OneIn(3) ? "mail" : "rebase", c.From("here", "there"));
        var until = scene.Now + c.From(TimeSpan.FromSeconds(5), TimeSpan.FromDays(1));
        return new(Operation.Of(nameof(ILedger.HoldConsumerAsync), l => l.HoldConsumerAsync(consumer, holder, scene.Now, until, None), consumer, holder, until));
    }

    public static async ValueTask<Operation> Advance(Scene scene, Choices c)
    {
        var consumer = c.From("mail", "rebase");
        var known = (await scene.First.ConsumersAsync(None)).FirstOrDefault(k => k.Name == consumer);
        var holder = c.OneIn(3) ? c.From("here", "there") : known?.Holder ?? "here";
        var advance = new ConsumerAdvance(consumer, holder, (known?.Position ?? 0) + c.Of(3), c.OneIn(2) ? [One(scene, c, consumer)] : []);
        return Operation.Of(nameof(ILedger.AdvanceConsumerAsync), l => l.AdvanceConsumerAsync(advance, None), advance);
    }

    public static ValueTask<Operation> SetAside(Scene scene, Choices c)
    {
        var one = One(scene, c, "emergency-stop");
        return new(Operation.Of(nameof(ILedger.SetAsideAsync), l => l.SetAsideAsync(one, None), one));
    }

    public static async ValueTask<Operation> Settle(Scene scene, Choices c)
    {
        var known = (await scene.First.EventsSetAsideAsync(new(), None)).Items;
        if (known.IsEmpty && !c.OneIn(4))
        {
            return await SetAside(scene, c);
        }

        var to = c.From(SetAsideState.Retrying, SetAsideState.Dismissed, SetAsideState.Handled, SetAsideState.Waiting);
        var by = to is SetAsideState.Retrying or SetAsideState.Dismissed ? "officer" : null;
        var change = new SetAsideChange(1 + c.Of(known.Length + 1), to, scene.Now, by, c.From("looked at", "failed again"), c.Of(3));
        return Operation.Of(nameof(ILedger.SettleSetAsideAsync), l => l.SettleSetAsideAsync(change, None), change);
    }

    public static ValueTask<Operation> Look(Scene scene, Choices c)
    {
        var query = new SetAsideQuery(
            c.OneIn(2) ? c.From("mail", "rebase") : null, c.OneIn(2) ? c.From(SetAsideState.Waiting, SetAsideState.Retrying) : null,
            c.OneIn(5) ? "!" : null, c.From(1, 2, 500, 0));
        return new(Operation.Of(
            nameof(ILedger.EventsSetAsideAsync),
            async l =>
            {
                var page = await l.EventsSetAsideAsync(query, None);
                return page.NextCursor is { } next ? page.Items.AddRange((await l.EventsSetAsideAsync(query with { Cursor = next }, None)).Items) : page.Items;
            },
            query));
    }

    private static EventSetAside One(Scene scene, Choices c, string consumer) => new(
        0, consumer, BusEvent.OwnSource, $"{c.Of(9)}", c.OneIn(4) ? EventTypes.EmergencyStopRequested : EventTypes.StopEngaged, "t1", scene.Now, "{}", 1 + c.Of(3), c.From("it threw", "it was late"), scene.Now);
}
