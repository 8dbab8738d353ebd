using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>Lists with filters, small pages and bad arguments; whole lists are compared by <see cref="Observation"/>.</summary>
internal static class LookOperations
{
    private const int MostPages = 200;

    public static ValueTask<Operation> Orders(Scene scene, Choices c)
    {
        var query = new OrderQuery(
            c.OneIn(2) ? Scene.User(c) : null, c.OneIn(3) ? Scene.Strategy(c) : null, c.OneIn(3) ? Scene.AnySymbol(c) : null,
            c.OneIn(2), Cursor(c), Limit(c));
        return new(Operation.Of(
            nameof(ILedger.OrdersAsync), l => Pages(cursor => l.OrdersAsync(query with { Cursor = cursor ?? query.Cursor }, CancellationToken.None)), query));
    }

    public static ValueTask<Operation> History(Scene scene, Choices c)
    {
        var query = new HistoryQuery(c.OneIn(2) ? Scene.User(c) : null, Cursor(c), Limit(c));
        return new(Operation.Of(
            nameof(ILedger.HistoryAsync), l => Pages(cursor => l.HistoryAsync(query with { Cursor = cursor ?? query.Cursor }, CancellationToken.None)), query));
    }

    public static async ValueTask<Operation> Obligations(Scene scene, Choices c)
    {
        var (ofStop, ofUser) = (c.OneIn(3), c.OneIn(2));
        var stop = await scene.StopAsync(c, s => s.State != StopState.Completed);
        var query = new ObligationQuery(ofStop ? stop?.Id : null, ofUser ? Scene.User(c) : null, Cursor(c), Limit(c));
        AccountId? account = c.OneIn(2) ? Scene.Accounts[c.Of(3)] : null;
        var at = scene.Now + c.From(TimeSpan.Zero, TimeSpan.FromMinutes(1));
        return Operation.Of(
            nameof(ILedger.ObligationsAsync),
            l => Pages(cursor => l.ObligationsAsync(query with { Cursor = cursor ?? query.Cursor }, account, at, CancellationToken.None)), query, account, at);
    }

    public static ValueTask<Operation> Strategies(Scene scene, Choices c)
    {
        UserId? user = c.OneIn(2) ? Scene.User(c) : null;
        var (first, limit) = (Cursor(c), Limit(c));
        return new(Operation.Of(
            nameof(ILedger.StrategiesAsync), l => Pages(cursor => l.StrategiesAsync(user, cursor ?? first, limit, CancellationToken.None)), user, first, limit));
    }

    public static ValueTask<Operation> Events(Scene scene, Choices c)
    {
        var query = new OrderEventQuery(
            c.Of(40), c.OneIn(2) ? Scene.User(c) : null, c.OneIn(3) ? Scene.Strategy(c) : null, c.OneIn(3) ? Scene.AnySymbol(c) : null);
        return new(Operation.Of(nameof(ILedger.OrderEventsAsync), l => l.OrderEventsAsync(query, CancellationToken.None), query));
    }

    public static async ValueTask<Operation> Owed(Scene scene, Choices c)
    {
        var old = c.OneIn(4);
        if (await scene.StopAsync(c, _ => true) is not { } found)
        {
            return await Users(scene, c);
        }

        var stop = old ? scene.AsFirstRead(found) : found;
        var (protective, partition) = (c.OneIn(2), c.OneIn(2) ? Partitions.Of(Scene.User(c)) : (int?)null);
        return Operation.Of(
            nameof(ILedger.OwedAsync), l => l.OwedAsync(stop, protective, partition, CancellationToken.None), stop.Id, stop.Again, protective, partition);
    }

    public static ValueTask<Operation> Users(Scene scene, Choices c)
    {
        UserId? after = c.OneIn(2) ? Scene.User(c) : null;
        var limit = 1 + c.Of(2);
        if (c.OneIn(2))
        {
            var upTo = (long)c.Of(60);
            return new(Operation.Of(
                nameof(ILedger.UsersWithUnclearOrdersAsync), l => l.UsersWithUnclearOrdersAsync(upTo, after, limit, CancellationToken.None), upTo, after, limit));
        }

        return new(Operation.Of(nameof(ILedger.UsersWithActiveOrdersAsync), l => l.UsersWithActiveOrdersAsync(after, limit, CancellationToken.None), after, limit));
    }

    public static ValueTask<Operation> Positions(Scene scene, Choices c)
    {
        UserId? user = c.OneIn(2) ? Scene.User(c) : null;
        StrategyId? strategy = c.OneIn(2) ? Scene.Strategy(c) : null;
        Symbol? symbol = c.OneIn(2) ? Scene.AnySymbol(c) : null;
        return new(Operation.Of(nameof(ILedger.PositionsAsync), l => l.PositionsAsync(user, strategy, symbol, CancellationToken.None), user, strategy, symbol));
    }

    public static ValueTask<Operation> Inferred(Scene scene, Choices c)
    {
        var since = scene.Now - c.From(TimeSpan.FromHours(24), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(2));
        return new(Operation.Of(nameof(ILedger.InferredAsync), l => l.InferredAsync(since, CancellationToken.None), since));
    }

    public static async ValueTask<Operation> StopsOn(Scene scene, Choices c)
    {
        var (known, limit) = (!c.OneIn(4), 1 + c.Of(3));
        var target = known && await scene.StopAsync(c, _ => true) is { } stop ? stop.Target : Scene.Targets[c.Of(Scene.Targets.Length)];
        return Operation.Of(nameof(ILedger.StopsOnAsync), l => l.StopsOnAsync(target, limit, CancellationToken.None), target, limit);
    }

    /// <summary>Every page, each by the cursor that this ledger gave with the last.</summary>
    private static async Task<ImmutableArray<Page<T>>> Pages<T>(Func<string?, Task<Page<T>>> read)
    {
        var pages = ImmutableArray.CreateBuilder<Page<T>>();
        string? cursor = null;
        do
        {
            pages.Add(await read(cursor));
            cursor = pages[^1].NextCursor;
        }
        while (cursor is not null && pages.Count < MostPages);
        return pages.ToImmutable();
    }

    private static string? Cursor(Choices c) => c.OneIn(4) ? "no cursor!" : null;

    private static int Limit(Choices c) => c.From(2, 1, 3, 7, 100, 500, 501, 0);
}
