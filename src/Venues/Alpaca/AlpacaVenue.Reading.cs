using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Venues.Alpaca.Wire;

namespace EmergencyStop.Venues.Alpaca;

/// <content>Reading orders, positions and prices.</content>
public sealed partial class AlpacaVenue
{
    /// <summary>Up to this many orders are asked for one by one; a page of 500 costs as much as one of them.</summary>
    private const int FewOrders = 4;

    /// <summary>How many calls of one bulk read are under way at once.</summary>
    private const int ReadsAtOnce = 8;

    /// <summary>Most successors of a replaced order that are followed.</summary>
    private const int MostReplacements = 16;

    /// <inheritdoc/>
    public async ValueTask<ImmutableDictionary<OrderId, Reading<VenueOrderReport>>> FindOrdersAsync(
        AccountId account, ImmutableArray<OrderId> orders, CancellationToken cancellationToken)
    {
        var found = new Dictionary<OrderId, Reading<VenueOrderReport>>();
        var wanted = orders.Distinct().ToHashSet();
        if (wanted.Count > FewOrders)
        {
            await foreach (var report in RecentAsync(account, wanted.Count, cancellationToken))
            {
                if (OrderId.TryParse(report.ClientOrderId, out var id, out _) && wanted.Remove(id))
                {
                    found[id] = await FollowAsync(account, report, cancellationToken);
                }

                if (wanted.Count == 0)
                {
                    break;
                }
            }
        }

        foreach (var some in wanted.Chunk(ReadsAtOnce))
        {
            var readings = await Task.WhenAll(some.Select(id => FindOneAsync(account, id, CallKind.Reading, cancellationToken).AsTask()));
            foreach (var (id, reading) in some.Zip(readings))
            {
                found[id] = reading;
            }
        }

        return found.ToImmutableDictionary();
    }

    /// <inheritdoc/>
    public ValueTask<Reading<ImmutableArray<VenueOrderReport>>> OpenOrdersAsync(AccountId account, CancellationToken cancellationToken) =>
        OpenOrdersAsync(account, CallKind.Reading, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<ImmutableArray<VenueOrderReport>>> WatchOrdersAsync(AccountId account, CancellationToken cancellationToken) =>
        OpenOrdersAsync(account, CallKind.Watching, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Reading<MarketClock>> ClockAsync(AccountId account, CancellationToken cancellationToken)
    {
        var reply = await _calls.GetAsync(account, "/v2/clock", CallKind.Reading, cancellationToken);
        if (!reply.IsGood)
        {
            return new Reading<MarketClock>.Unreadable(reply.Failure().Phase, reply.Failure().Reason);
        }

        return reply.TryRead(AlpacaJson.Default.AlpacaClock, out var clock) && clock is { IsOpen: { } open, Timestamp: { } at, NextOpen: { } next }
            ? new Reading<MarketClock>.Value(new(at.ToUniversalTime(), open, next.ToUniversalTime()))
            : new Reading<MarketClock>.Unreadable(VenuePhase.Answer, "The venue's answer cannot be read.");
    }

    private async ValueTask<Reading<ImmutableArray<VenueOrderReport>>> OpenOrdersAsync(
        AccountId account, CallKind kind, CancellationToken cancellationToken)
    {
        var pages = new OrderPages(_calls, account, "open", oldestFirst: true, kind: kind);
        var open = ImmutableArray.CreateBuilder<VenueOrderReport>();
        while (await pages.NextAsync(cancellationToken) is { } page)
        {
            var (reports, why) = AlpacaReports.ReadAll(page, account);
            if (reports is null)
            {
                return new Reading<ImmutableArray<VenueOrderReport>>.Unreadable(VenuePhase.Answer, why ?? string.Empty);
            }

            open.AddRange(reports.Value.Where(report => report.State == Orders.OrderState.Open));
        }

        return pages.Failure is var (phase, reason)
            ? new Reading<ImmutableArray<VenueOrderReport>>.Unreadable(phase, reason)
            : new Reading<ImmutableArray<VenueOrderReport>>.Value(open.DistinctBy(report => report.VenueOrderId).ToImmutableArray());
    }

    /// <inheritdoc/>
    public async ValueTask<Reading<ImmutableArray<VenuePosition>>> PositionsAsync(AccountId account, CancellationToken cancellationToken)
    {
        var reply = await _calls.GetAsync(account, "/v2/positions", CallKind.Reading, cancellationToken);
        if (!reply.IsGood)
        {
            return new Reading<ImmutableArray<VenuePosition>>.Unreadable(reply.Failure().Phase, reply.Failure().Reason);
        }

        if (!reply.TryRead(AlpacaJson.Default.ImmutableArrayAlpacaPosition, out var shown) || shown.IsDefault)
        {
            return new Reading<ImmutableArray<VenuePosition>>.Unreadable(VenuePhase.Answer, "The venue's answer cannot be read.");
        }

        var positions = ImmutableArray.CreateBuilder<VenuePosition>(shown.Length);
        foreach (var one in shown)
        {
            var (position, why) = AlpacaReports.Read(one, account);
            if (position is null)
            {
                return new Reading<ImmutableArray<VenuePosition>>.Unreadable(VenuePhase.Answer, why ?? string.Empty);
            }

            positions.Add(position);
        }

        return new Reading<ImmutableArray<VenuePosition>>.Value(positions.ToImmutable());
    }

    /// <inheritdoc/>
    public async ValueTask<Reading<VenueAccount>> AccountAsync(AccountId account, CancellationToken cancellationToken)
    {
        var reply = await _calls.GetAsync(account, "/v2/account", CallKind.Watching, cancellationToken);
        if (!reply.IsGood)
        {
            return new Reading<VenueAccount>.Unreadable(reply.Failure().Phase, reply.Failure().Reason);
        }

        return reply.TryRead(AlpacaJson.Default.AlpacaAccount, out var shown) && shown is { Equity: { } equity }
            ? new Reading<VenueAccount>.Value(new(account, equity, shown.Cash, shown.Currency ?? "USD"))
            : new Reading<VenueAccount>.Unreadable(VenuePhase.Answer, "The venue's answer cannot be read.");
    }

    /// <inheritdoc/>
    /// <remarks>The trading API has no prices; they come from the market data API, which has a host of its own.</remarks>
    public async ValueTask<Reading<decimal>> PriceAsync(AccountId account, Symbol symbol, CancellationToken cancellationToken)
    {
        var isPair = symbol.Pair is not null;
        var path = isPair
            ? $"/v1beta3/crypto/us/latest/trades?symbols={Uri.EscapeDataString(symbol.InOrders())}"
            : $"/v2/stocks/{Uri.EscapeDataString(symbol.Value)}/trades/latest";
        var url = new Uri(_options.EffectiveDataUrl!, path); // There is one wherever there is a base URL.
        var reply = await _calls.GetAsync(account, url.AbsoluteUri, CallKind.Reading, cancellationToken);
        if (!reply.IsGood)
        {
            return reply.Status == 404
                ? new Reading<decimal>.Absent()
                : new Reading<decimal>.Unreadable(reply.Failure().Phase, reply.Failure().Reason);
        }

        if (!isPair)
        {
            return reply.TryRead(AlpacaJson.Default.AlpacaStockTrade, out var stock) && stock?.Trade is { P: > 0 } trade
                ? new Reading<decimal>.Value(trade.P)
                : new Reading<decimal>.Unreadable(VenuePhase.Answer, "The venue's answer cannot be read.");
        }

        return !reply.TryRead(AlpacaJson.Default.AlpacaCryptoTrades, out var pairs) || pairs?.Trades is not { } trades
            ? new Reading<decimal>.Unreadable(VenuePhase.Answer, "The venue's answer cannot be read.")
            : trades.TryGetValue(symbol.InOrders(), out var last) && last.P > 0
                ? new Reading<decimal>.Value(last.P)
                : new Reading<decimal>.Absent();
    }

    private async ValueTask<Reading<VenueOrderReport>> FindOneAsync(
        AccountId account, OrderId order, CallKind kind, CancellationToken cancellationToken)
    {
        var path = $"/v2/orders:by_client_order_id?client_order_id={Uri.EscapeDataString(order.Value)}";
        var reading = await ReadOrderAsync(account, path, kind, cancellationToken);
        return reading is Reading<VenueOrderReport>.Value(var report)
            ? await FollowAsync(account, report, cancellationToken, kind)
            : reading;
    }

    /// <summary>
    /// Goes on to the order that is there now. What had traded before a replacement is not lost: of the chain the largest
    /// filled quantity counts, as a successor's includes its predecessor's.
    /// </summary>
    private async ValueTask<Reading<VenueOrderReport>> FollowAsync(
        AccountId account, VenueOrderReport report, CancellationToken cancellationToken, CallKind kind = CallKind.Reading)
    {
        for (var hop = 0; report.ReplacedBy is { } next; hop++)
        {
            if (hop == MostReplacements)
            {
                return new Reading<VenueOrderReport>.Unreadable(VenuePhase.Answer, $"The order was replaced more than {MostReplacements} times.");
            }

            var reading = await ReadOrderAsync(account, $"/v2/orders/{Uri.EscapeDataString(next)}", kind, cancellationToken);
            if (reading is not Reading<VenueOrderReport>.Value(var successor))
            {
                return reading is Reading<VenueOrderReport>.Unreadable
                    ? reading
                    : new Reading<VenueOrderReport>.Unreadable(VenuePhase.Answer, "The order that replaced it cannot be found.");
            }

            report = successor.FilledQuantity >= report.FilledQuantity
                ? successor
                : successor with { FilledQuantity = report.FilledQuantity, AveragePrice = report.AveragePrice };
        }

        return new Reading<VenueOrderReport>.Value(report);
    }

    private async ValueTask<Reading<VenueOrderReport>> ReadOrderAsync(
        AccountId account, string path, CallKind kind, CancellationToken cancellationToken)
    {
        var reply = await _calls.GetAsync(account, path, kind, cancellationToken);
        if (!reply.IsGood)
        {
            return reply.Status == 404
                ? new Reading<VenueOrderReport>.Absent()
                : new Reading<VenueOrderReport>.Unreadable(reply.Failure().Phase, reply.Failure().Reason);
        }

        var (report, why) = reply.TryRead(AlpacaJson.Default.AlpacaOrder, out var order) && order is not null
            ? AlpacaReports.Read(order, account)
            : (null, "The venue's answer cannot be read.");
        return report is null
            ? new Reading<VenueOrderReport>.Unreadable(VenuePhase.Answer, why ?? string.Empty)
            : new Reading<VenueOrderReport>.Value(report);
    }

    /// <summary>The newest orders, until they can no longer be cheaper than asking one by one. What cannot be read is left to that.</summary>
    private async IAsyncEnumerable<VenueOrderReport> RecentAsync(
        AccountId account, int wanted, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = new OrderPages(_calls, account, "all", oldestFirst: false, mostPages: Math.Max(2, wanted / 10));
        while (await pages.NextAsync(cancellationToken) is { } page)
        {
            foreach (var order in page)
            {
                if (AlpacaReports.Read(order, account).Report is { } report)
                {
                    yield return report;
                }
            }
        }
    }
}
