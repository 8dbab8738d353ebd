using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>Everything that can be seen of a ledger, as labelled values.</summary>
internal sealed class Observation(ILedger ledger, Scene scene)
{
    private const int All = 500;
    private readonly List<Sight> _seen = [];

    private static CancellationToken None => CancellationToken.None;

    public static async Task<IReadOnlyList<Sight>> OfAsync(ILedger ledger, Scene scene, MirrorMark? mark)
    {
        var observation = new Observation(ledger, scene);
        await observation.OrdersAsync();
        await observation.StopsAsync();
        foreach (var stop in scene.Stops)
        {
            await observation.StopAsync(stop);
        }

        await observation.StrategiesAsync();
        await observation.AccessAsync(mark);
        return observation._seen;
    }

    private void See(string what, object? value, string? of = null) => _seen.Add(new(what, of, value));

    private async Task OrdersAsync()
    {
        See("orders", (await ledger.OrdersAsync(new(null, null, null, false, null, All), None)).Items);
        See("active orders", (await ledger.OrdersAsync(new(null, null, null, true, null, All), None)).Items);
        See("users with active orders", await ledger.UsersWithActiveOrdersAsync(null, All, None));
        See("users with unclear orders", await ledger.UsersWithUnclearOrdersAsync(long.MaxValue, null, All, None));
        See("known users", await ledger.KnownUsersAsync(None));
        See("positions", await ledger.PositionsAsync(null, null, null, None));
        See("inferred orders", await ledger.InferredAsync(DateTimeOffset.UnixEpoch, None));
        foreach (var user in Scene.Users)
        {
            See("active orders of", await ledger.ActiveOrdersAsync(user, None), $"{user}");
        }

        See("order events", await ledger.OrderEventsAsync(new(0), None));
        See("order events of alice", await ledger.OrderEventsAsync(new(3, Scene.Users[0]), None));
        See("order counts", await ledger.OrderCountsAsync(2, None));
        See("recalled orders", scene.Orders.Select(o => (o, ledger.Recall(o))));
        See("remembered users", Sorted(ledger.RememberedUsers(null)));
        See("remembered users of s1", Sorted(ledger.RememberedUsers(Scene.Strategies[0])));
        See("order of a client order id", await ledger.FindOrderAsync(Scene.Users[0], ClientOrderId.Parse("mine-1"), None));
        See("whether orders are remembered", ledger.RemembersOrders);
    }

    private async Task StopsAsync()
    {
        See("history", (await ledger.HistoryAsync(new(null, null, All), None)).Items);
        See("unfinished stops", (await ledger.UnfinishedStopsAsync(None)).Select(s => s.Id));
        See("stops that hold", (await ledger.HoldingStopsAsync(null, None)).Select(s => s.Id));
        See("counts", await ledger.CountsAsync(None));
        See("unmet figures", (await ledger.UnmetFiguresAsync(None)).OrderBy(f => f.Kind).ThenBy(f => f.Outcome));
        See("obligations", (await ledger.ObligationsAsync(new(null, null, null, All), null, scene.Now, None)).Items);
        See("stops on SYSTEM", (await ledger.StopsOnAsync(StopTarget.System, All, None)).Select(s => s.Id));
        for (var i = 0; i < Scene.Users.Length; i++)
        {
            var user = Scene.Users[i];
            See("stops that hold something of", await ledger.HoldingStopsAsync(user, None), $"{user}");
            See("history of", (await ledger.HistoryAsync(new(user, null, All), None)).Items.Select(s => s.Stop.Id), $"{user}");
            See("obligations of", (await ledger.ObligationsAsync(new(null, user, null, All), Scene.Accounts[i], scene.Now, None)).Items, $"{user}");
        }
    }

    private async Task StopAsync(StopId id)
    {
        if (await ledger.FindStopAsync(id, None) is not { } stop)
        {
            See("stop", null, $"{id}");
            return;
        }

        See("stop", stop, $"{id}");
        See("outcomes of", await ledger.OutcomesAsync(id, None), $"{id}");
        See("orders unmet for", await ledger.UnmetOrdersAsync(id, None), $"{id}");
        See("owed by", Ids(await ledger.OwedAsync(stop, includeProtective: false, null, None)), $"{id}");
        See("owed by", Ids(await ledger.OwedAsync(stop, includeProtective: true, null, None)), $"{id} once flat");
        See("ended meanwhile for", Ids(await ledger.EndedMeanwhileAsync(stop, None)), $"{id}");
        See("left unprotected by", await ledger.UnprotectedAsync(id, None), $"{id}");
        See("notices about", await ledger.NoticesAsync(id, None), $"{id}");
        foreach (var (_, account, symbol) in scene.Closings.Where(c => c.Stop == id))
        {
            See("closing orders of", Ids(await ledger.ClosingsAsync(id, account, symbol, None)), $"{id} for {account}/{symbol}");
        }
    }

    private async Task StrategiesAsync()
    {
        See("strategies", (await ledger.StrategiesAsync(null, null, All, None)).Items);
        See("pending notices", (await ledger.PendingNoticesAsync(All, None))
            .OrderBy(n => n.At).ThenBy(n => n.Notice.Stop.Value, StringComparer.Ordinal).ThenBy(n => n.Notice.Strategy.Value, StringComparer.Ordinal).ThenBy(n => n.Notice.Kind));
        foreach (var target in Scene.Targets.Where((_, i) => i % 3 == scene.Orders.Count % 3))
        {
            See("strategies in", (await ledger.StrategiesInAsync(target, None)).Select(s => s.Id), $"{target}");
        }

        See("strategy s2", await ledger.FindStrategyAsync(Scene.Strategies[1], None));
    }

    private async Task AccessAsync(MirrorMark? mark)
    {
        See("keys", await ledger.KeysAsync(None));
        foreach (var hash in scene.KeyHashes.Order(StringComparer.Ordinal))
        {
            See("key of", await ledger.FindKeyAsync(hash, None), $"{hash}");
        }

        See("answer under k-0", await ledger.FindAnswerAsync("key-0", "k-0", None));
        See("mirror", await ledger.MirrorAsync(null, None));
        See("mirror since", await ledger.MirrorAsync(mark, None), $"{mark}");
        See("events of alice", await ledger.EventsAsync(new(2, Scene.Users[0], Scene.Accounts[0]), None));
        See("events about SYSTEM", await ledger.EventsAsync(new(0, Subject: "SYSTEM"), None));
        See("consumers", await ledger.ConsumersAsync(None));
        See("events set aside", (await ledger.EventsSetAsideAsync(new(Limit: All), None)).Items);
        See("events set aside that wait", await ledger.CountSetAsideAsync(None));
        See("audit", await ledger.VerifyAuditAsync(None));
        See("risk rules", await ledger.RiskRulesAsync(None));
        See("versions of r1", await ledger.RiskRuleVersionsAsync(RiskRuleId.Parse("r1"), None));
        See("risk watches", await ledger.RiskWatchesAsync(null, None));
        See("risk watches of alice", await ledger.RiskWatchesAsync(Scene.Users[0], None));
        See("heartbeats", await ledger.HeartbeatsAsync(None));
    }

    private static IEnumerable<OrderId> Ids(IEnumerable<EmergencyStop.Orders.Order> orders) => orders.Select(o => o.Id);

    private static IEnumerable<UserId> Sorted(IEnumerable<UserId> users) => users.OrderBy(u => u.Value, StringComparer.Ordinal);
}

/// <summary>One thing that was seen.</summary>
/// <param name="What">What.</param>
/// <param name="Of">Of what.</param>
/// <param name="Value">As it is.</param>
internal sealed record Sight(string What, string? Of, object? Value)
{
    public override string ToString() => $"{What} {Of}".TrimEnd();
}
