using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Grains.Braking;
using EmergencyStop.Grains.Closing;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Grains.Watching;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Telemetry;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Accounts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans;

namespace EmergencyStop.Grains.Orders;

/// <summary>One user's book. Each transition between two awaits is synchronous; state is looked at again after every await.</summary>
[Reentrant]
public sealed partial class UserGrain(
    ILedger ledger,
    IVenue venue,
    IAccountMap accounts,
    IIdSource ids,
    TimeProvider time,
    IOptions<OrderOptions> options,
    BrakeLatches brake,
    ILogger<UserGrain> log) : Grain, IUserGrain
{
    // All are made in OnActivateAsync, which runs before any call.
    private UserBook _book = null!;
    private OrderSender _sender = null!;
    private UnclearOrders _unclear = null!;
    private MassCanceller _all = null!;
    private BookKeeper _keeper = null!;
    private ScopeVerifier _verifier = null!;
    private ScopeWatcher _watcher = null!;
    private bool _loaded;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var user = UserId.Parse(this.GetPrimaryKeyString());
        var account = accounts.AccountOf(user);
        _book = new(user, account, ledger, venue, time, options.Value, brake) { Named = accounts.Find(account) };
        _sender = new(_book);
        _unclear = new(_book);
        _all = new(_book);
        _verifier = new(_book, new ForeignOrders(_book));
        _watcher = new(_book, _verifier, command => new OrderSweeper(_book, _unclear, _all).SweepAsync(command), TellAsync);
        _keeper = new(_book, _unclear, start => this.RegisterGrainTimer(
            start, new GrainTimerCreationOptions(options.Value.PollEvery, options.Value.PollEvery) { Interleave = true, KeepAlive = true }));
        await TryLoadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<PlaceAnswer> PlaceAsync(OrderTerms terms, CancellationToken cancellationToken) =>
        PlaceAsync(terms, null, 0, cancellationToken);

    /// <inheritdoc/>
    public async Task<PlaceAnswer> PlacePastGateAsync(OrderTerms terms, PastGate past, CancellationToken cancellationToken)
    {
        if (!terms.ReduceOnly)
        {
            return new PlaceAnswer.Invalid("reduce_only", "past_gate takes reduce-only orders: set reduce_only to true.");
        }

        if (Authority.Of(past.By.Role, Deed.PassGate) != Reach.All)
        {
            return new PlaceAnswer.Invalid("past_gate", "Only a risk officer sends orders past a closed gate.");
        }

        return await ledger.FindStopAsync(past.Stop, cancellationToken) is { HoldsLatch: true } stop
            ? await PlaceAsync(terms, past, stop.Number, cancellationToken)
            : new PlaceAnswer.NotHeld(past.Stop);
    }

    private async Task<PlaceAnswer> PlaceAsync(OrderTerms terms, PastGate? past, long pastNumber, CancellationToken cancellationToken)
    {
        if (_book.Named is { Mode: AccountMode.Watch })
        {
            return new PlaceAnswer.AccountWatched(_book.Account);
        }

        if (OrderRules.Check(terms, venue.Description) is { } wrong)
        {
            return new PlaceAnswer.Invalid(wrong.Field, wrong.Why);
        }

        if (brake.First is { } held)
        {
            return new PlaceAnswer.Unrecorded(held.Id, held.Target);
        }

        // The same order again is the same answer, also once its own fill leaves nothing to reduce.
        if (terms.ReduceOnly && await StandingAsync(terms, cancellationToken) is { } standing)
        {
            return standing;
        }

        return await AdmitAsync(terms, past, pastNumber, old: null, cancellationToken);
    }

    /// <summary>Admits an order and sends it; with <paramref name="old"/>, in the place of that one.</summary>
    private async Task<PlaceAnswer> AdmitAsync(
        OrderTerms terms, PastGate? past, long pastNumber, Order? old, CancellationToken cancellationToken)
    {
        if (terms.ReduceOnly && await _keeper.CheckReduceOnlyAsync(terms, old?.Id) is { } refusal)
        {
            return refusal;
        }

        if ((!_loaded && !await TryLoadAsync(cancellationToken)) || _book.Attested.IsFull)
        {
            return new PlaceAnswer.Unavailable("The ledger cannot be read, so nothing is admitted.");
        }

        // In the book with its permit before the admission: a sweep that comes in between finds it and takes it back.
        var entry = new BookEntry(ids.NewOrderId(), terms, _book.Account, old?.Id);
        var sending = _sender.Prepare(entry, terms, passesGate: false, pastNumber);
        if (brake.First is { } held)
        {
            _sender.Forget(entry);
            return new PlaceAnswer.Unrecorded(held.Id, held.Target); // It came while this order was being checked.
        }

        AdmitAnswer answer;
        try
        {
            answer = await ledger.AdmitAsync(
                new(entry.Id, terms, _book.Account, sending.Permit.StartedAt, old?.Id) { PastGate = past }, CancellationToken.None);
        }
        catch (LedgerUnavailableException)
        {
            _sender.Forget(entry);
            _book.Attested.Add(entry.Id); // It may be in the ledger all the same.
            _keeper.Keep();
            _ = _book.RecordLeftoversAsync(); // The caller need not wait for it; the keeper goes on with it.
            OrderMeasures.LedgerUnavailable();
            return new PlaceAnswer.Unavailable("The ledger cannot be written, so nothing is admitted.");
        }

        OrderMeasures.Saw(answer);
        if (answer is AdmitAnswer.Admitted admitted)
        {
            if (past is not null)
            {
                await TakeBackIfTooLargeAsync(terms, entry, sending);
            }

            return new PlaceAnswer.Admitted(await SendAsync(entry, admitted.Order, old, cancellationToken), Repeated: false);
        }

        _sender.Forget(entry);
        return answer switch
        {
            AdmitAnswer.Duplicate d => await RepeatedAsync(d.Order),
            AdmitAnswer.GateClosed g => new PlaceAnswer.GateClosed(g.By),
            AdmitAnswer.StrategyPaused p => new PlaceAnswer.StrategyPaused(p.By),
            AdmitAnswer.NotHeld n => new PlaceAnswer.NotHeld(n.Stop),
            AdmitAnswer.NotReplaceable n => new PlaceAnswer.NotReplaceable(n.Old, n.Why),
            _ => throw new InvalidOperationException($"Admission answer {answer.GetType().Name} is not known."),
        };
    }

    /// <inheritdoc/>
    public async Task<CancelAnswer> CancelAsync(OrderId order, CancellationToken cancellationToken)
    {
        var row = await ledger.FindOrderAsync(order, cancellationToken);
        if (row is null || row.Terms.User != _book.User)
        {
            return new(null, Confirmed: false);
        }

        if (!row.State.IsActive())
        {
            return new(row, Confirmed: true);
        }

        var ender = new OrderEnder(_book, _unclear);
        var ending = await ender.BeginAsync(row);
        if (ending is Ending.Confirming confirming)
        {
            ending = (await ender.ConfirmAsync([confirming])).Single();
        }

        if (ending is Ending.Proven { Evidence: { } evidence })
        {
            await _book.RecordAsync(evidence);
        }

        _keeper.Keep();
        var now = await ledger.FindOrderAsync(order, CancellationToken.None) ?? row;
        return new(now, !now.State.IsActive(), ending is Ending.Unmet unmet ? $"{unmet.Phase}: {unmet.Reason}" : null);
    }

    /// <inheritdoc/>
    public async Task ObserveAsync(ImmutableArray<VenueOrderReport> reports)
    {
        await _keeper.ObserveAsync(reports);
        if (reports.Where(_watcher.IsOfInterest).ToImmutableArray() is { IsEmpty: false } unknown)
        {
            _ = ConsiderAsync(unknown); // Goes on in this grain's turns: a slow venue must not hold up what it says next.
        }
    }

    /// <summary>The position may have changed since the admission: an order that it is too small for now is never written.</summary>
    private async Task TakeBackIfTooLargeAsync(OrderTerms terms, BookEntry entry, Sending sending)
    {
        if (await _keeper.CheckReduceOnlyAsync(terms, entry.Id) is { } refusal)
        {
            // The venue adapter asks the permit, and attests that nothing was written.
            sending.Permit.TryRevoke(refusal is PlaceAnswer.Invalid wrong ? wrong.Why : "the position could not be read again");
        }
    }

    private async Task<PlaceAnswer?> StandingAsync(OrderTerms terms, CancellationToken cancellationToken) =>
        terms.ClientOrderId is { } name && await ledger.FindOrderAsync(terms.User, name, cancellationToken) is { } order
            ? await RepeatedAsync(order)
            : null;

    private async Task<Order> SendAsync(BookEntry entry, Order row, Order? old, CancellationToken cancellationToken)
    {
        var sent = _sender.SendAsync(entry, row, old);
        _keeper.Keep();
        try
        {
            row = await sent.WaitAsync(options.Value.AnswerWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The venue is slow: the caller hears what the ledger knows, the sender goes on.
        }

        _keeper.Keep();
        return row;
    }
}
