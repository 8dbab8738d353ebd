using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues.Sending;

namespace EmergencyStop.Venues.Simulated;

/// <summary>The simulated market as a venue in this process: the default.</summary>
/// <remarks>Its orders end with the process; positions can be given back to the market with <see cref="SimulatedMarket.Seed"/>.</remarks>
public sealed class SimulatedVenue(
    SimulatedMarket market, SimulatedLink link, SimulatedFaults faults, SimulatedOptions options, TimeProvider time) : IVenue
{
    private const string LostAnswer = "The answer was lost.";
    private const string NoAnswer = "No answer came in time.";
    private const string Unreachable = "The venue cannot be reached.";
    private const string TooMany = "The venue's rate limit is reached.";
    private readonly DateTimeOffset _since = time.GetUtcNow();

    /// <inheritdoc/>
    public VenueDescription Description { get; } = new(
        "simulated",
        [OrderType.Market, OrderType.Limit, OrderType.Stop, OrderType.StopLimit, OrderType.TrailingStop],
        MassCancelScope.Account,
        options.VisibilityBound,
        PushesUpdates: true,
        OrdersDieWithSession: true,
        AcceptsReduceOnly: true);

    /// <inheritdoc/>
    public VenueHealth Health => faults.Current switch
    {
        { Down: true } => new("down", _since, Unreachable),
        { Silent: true } => new("silent", _since, NoAnswer),
        _ => new("up", _since, LastError: null, time.GetUtcNow()),
    };

    /// <inheritdoc/>
    public ValueTask<PlaceOutcome> PlaceAsync(VenueOrder order, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        return SendAsync(order.Account, () => link.PlaceAsync(SimulatedOrderRequest.From(order)), permit, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<PlaceOutcome> ReplaceAsync(VenueReplacement replacement, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        var changes = new SimulatedReplacement(
            replacement.Changed(t => t.Quantity),
            replacement.Changed(t => t.LimitPrice),
            replacement.Changed(t => t.StopPrice),
            replacement.ChangedTrail,
            ClientOrderId: replacement.Order.Id.Value);
        var account = replacement.Order.Account;
        return SendAsync(
            account, () => link.CallAsync(account, there => there.Replace(account, replacement.OldVenueOrderId, changes)), permit, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<CancelOutcome> CancelAsync(
        AccountId account, OrderId order, string? venueOrderId, CancellationToken cancellationToken)
    {
        var call = link.CallAsync(account, there =>
        {
            var id = venueOrderId ?? there.FindByClientId(account, order.Value)?.VenueOrderId.ToString();
            return id is null ? (null, SimulatedRefusal.NotFound(order.Value)) : link.CancelAtMarket(account, id);
        });
        return await AnswerAsync<(SimulatedOrderView? Order, SimulatedRefusal? Refusal), CancelOutcome>(
            call,
            answer => ToOutcome(answer.Order, answer.Refusal),
            (phase, why) => new CancelOutcome.Unknown(phase, why),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<MassCancelOutcome> CancelAllAsync(AccountId account, ISendPermit permit, CancellationToken cancellationToken)
    {
        if (WhyNot(account, permit, cancellationToken) is { } refused)
        {
            return new MassCancelOutcome.NotSent(VenuePhase.Connect, refused);
        }

        var call = link.CallAsync(account, there =>
        {
            if (permit.WindowEnd.IsCancellationRequested)
            {
                return new MassCancelOutcome.Answered(0, 0); // It was reset on its way; nobody waits for the answer.
            }

            var leaves = faults.Current.For(account).MassCancelLeaves;
            var answers = there.OpenOrders(account).Where(one => one.Request.Type != leaves)
                .Select(one => link.CancelAtMarket(account, one.VenueOrderId.ToString())).ToArray();
            return new MassCancelOutcome.Answered(answers.Length, answers.Count(one => one.Refusal is not null));
        });
        using var either = CancellationTokenSource.CreateLinkedTokenSource(permit.WindowEnd, cancellationToken);
        return await AnswerAsync<MassCancelOutcome.Answered, MassCancelOutcome>(
            call,
            answer => answer,
            (phase, why) => phase == VenuePhase.Acknowledge
                ? new MassCancelOutcome.Unknown(phase, why)
                : new MassCancelOutcome.NotSent(phase, why),
            either.Token);
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableDictionary<OrderId, Reading<VenueOrderReport>>> FindOrdersAsync(
        AccountId account, ImmutableArray<OrderId> orders, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(account, there => orders.Distinct().ToImmutableDictionary(id => id, id => Follow(there, account, id)), cancellationToken);
        return found switch
        {
            Reading<ImmutableDictionary<OrderId, Reading<VenueOrderReport>>>.Value value => value.Is,
            Reading<ImmutableDictionary<OrderId, Reading<VenueOrderReport>>>.Unreadable(var phase, var why) => orders.Distinct()
                .ToImmutableDictionary(id => id, Reading<VenueOrderReport> (_) => new Reading<VenueOrderReport>.Unreadable(phase, why)),
            _ => throw new InvalidOperationException("A bulk read is a value or unreadable."),
        };
    }

    /// <inheritdoc/>
    public ValueTask<Reading<ImmutableArray<VenueOrderReport>>> OpenOrdersAsync(AccountId account, CancellationToken cancellationToken) =>
        ReadAsync<ImmutableArray<VenueOrderReport>>(
            account, there => [.. there.OpenOrders(account).Select(order => order.ToReport())], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<ImmutableArray<VenueOrderReport>>> WatchOrdersAsync(AccountId account, CancellationToken cancellationToken) =>
        OpenOrdersAsync(account, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<MarketClock>> ClockAsync(AccountId account, CancellationToken cancellationToken) =>
        ReadAsync(account, there => there.Clock, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<ImmutableArray<VenuePosition>>> PositionsAsync(AccountId account, CancellationToken cancellationToken) =>
        ReadAsync(account, there => there.Positions(account), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>It tells the cash only, which begins anew with the process: equity is computed by whoever needs it.</remarks>
    public ValueTask<Reading<VenueAccount>> AccountAsync(AccountId account, CancellationToken cancellationToken) =>
        ReadAsync(account, there => new VenueAccount(account, Equity: null, there.Cash(account), "USD", _since), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reading<decimal>> PriceAsync(AccountId account, Symbol symbol, CancellationToken cancellationToken) =>
        ReadAsync(account, there => there.Price(symbol), cancellationToken);

    /// <inheritdoc/>
    public void Subscribe(IVenueObserver observer) => market.Subscribe(observer);

    /// <summary>Hands something in, once, within the send window.</summary>
    private async ValueTask<PlaceOutcome> SendAsync(
        AccountId account, Func<ValueTask<LinkAnswer<(SimulatedOrderView? Order, SimulatedRefusal? Refusal)>>> send, ISendPermit permit, CancellationToken cancellationToken)
    {
        if (WhyNot(account, permit, cancellationToken) is { } refused)
        {
            return new PlaceOutcome.NotSent(VenuePhase.Connect, refused);
        }

        var call = send();
        if (call.IsCompletedSuccessfully)
        {
            return ToOutcome(await BoundAsync(call, CancellationToken.None));
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(permit.WindowEnd, cancellationToken);
        try
        {
            return ToOutcome(await call.AsTask().WaitAsync(either.Token));
        }
        catch (OperationCanceledException)
        {
            return new PlaceOutcome.Unknown(VenuePhase.Acknowledge, "No answer came within the send window.");
        }
    }

    /// <summary>Why nothing may be written; asks the permit last.</summary>
    private string? WhyNot(AccountId account, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permit);
        if (faults.Current.For(account).IsDownFor(account))
        {
            return Unreachable;
        }

        return cancellationToken.IsCancellationRequested || permit.WindowEnd.IsCancellationRequested ? "The send window is over."
            : permit.TryTake(out var why) ? null
            : why ?? "The permit was refused.";
    }

    private static Reading<VenueOrderReport> Follow(SimulatedMarket there, AccountId account, OrderId id)
    {
        var order = there.FindByClientId(account, id.Value);
        while (order?.ReplacedBy is { } next && there.Find(account, next.ToString()) is { } successor)
        {
            order = successor;
        }

        return order is null ? new Reading<VenueOrderReport>.Absent() : new Reading<VenueOrderReport>.Value(order.ToReport());
    }

    private static PlaceOutcome ToOutcome(LinkAnswer<(SimulatedOrderView? Order, SimulatedRefusal? Refusal)> answer) => answer switch
    {
        { Fault: LinkFault.AnswerLost } => new PlaceOutcome.Unknown(VenuePhase.Acknowledge, LostAnswer),
        { Fault: LinkFault.Down } => new PlaceOutcome.NotSent(VenuePhase.Connect, Unreachable),
        { Fault: LinkFault.Silent } => new PlaceOutcome.Unknown(VenuePhase.Acknowledge, NoAnswer),
        { Fault: LinkFault.RateLimited } => new PlaceOutcome.Rejected("429", TooMany),
        { Value.Refusal: { } refusal } when refusal == SimulatedRefusal.Duplicate =>
            new PlaceOutcome.Unknown(VenuePhase.Answer, "The venue has an order of this client order id already."),
        { Value.Refusal: { } refusal } => new PlaceOutcome.Rejected($"{refusal.Code}", refusal.Message),
        { Value.Order: { } order } => new PlaceOutcome.Accepted(order.ToReport()),
        _ => throw new InvalidOperationException("The market answers with an order or a refusal."),
    };

    private static CancelOutcome ToOutcome(SimulatedOrderView? order, SimulatedRefusal? refusal) => (order, refusal) switch
    {
        ({ Status: SimulatedStatus.PendingCancel }, _) => new CancelOutcome.Accepted(),
        ({ } view, _) => new CancelOutcome.Reported(view.ToReport()),
        (_, { Status: 404 }) => new CancelOutcome.NotFound(),
        (_, { } why) => new CancelOutcome.NotCancelable(why.Message),
        _ => throw new InvalidOperationException("The market answers with an order or a refusal."),
    };

    private ValueTask<Reading<T>> ReadAsync<T>(AccountId account, Func<SimulatedMarket, T> read, CancellationToken cancellationToken) =>
        AnswerAsync<T, Reading<T>>(
            link.CallAsync(account, read),
            value => new Reading<T>.Value(value),
            (phase, why) => new Reading<T>.Unreadable(phase, why),
            cancellationToken);

    /// <summary>A silence lasts as long as the patience with it.</summary>
    private async ValueTask<LinkAnswer<T>> BoundAsync<T>(ValueTask<LinkAnswer<T>> call, CancellationToken cancellationToken)
    {
        var answer = await call;
        if (answer.Fault == LinkFault.Silent)
        {
            await Task.Delay(options.AttemptTimeout, time, cancellationToken);
        }

        return answer;
    }

    private async ValueTask<TOutcome> AnswerAsync<T, TOutcome>(
        ValueTask<LinkAnswer<T>> call, Func<T, TOutcome> good, Func<VenuePhase, string, TOutcome> bad, CancellationToken cancellationToken)
    {
        LinkAnswer<T> answer;
        try
        {
            answer = await BoundAsync(call.IsCompletedSuccessfully ? call : new(call.AsTask().WaitAsync(cancellationToken)), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return bad(VenuePhase.Acknowledge, "The wait was given up.");
        }

        return answer.Fault switch
        {
            LinkFault.None => good(answer.Value!), // Without a fault there is a value.
            LinkFault.Down => bad(VenuePhase.Connect, Unreachable),
            LinkFault.RateLimited => bad(VenuePhase.Unavailable, TooMany),
            _ => bad(VenuePhase.Acknowledge, LostAnswer),
        };
    }
}
