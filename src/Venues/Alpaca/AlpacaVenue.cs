using System.Collections.Immutable;
using System.Text.Json;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues.Accounts;
using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Sending;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues.Alpaca;

/// <summary>Alpaca's trading API v2 as a venue.</summary>
/// <remarks>
/// Orders and mass cancels are written once and never again. Reads and cancels of one order are tried again, with jitter,
/// within <see cref="AlpacaOptions.CallTimeout"/>. Changes are not pushed: the service polls.
/// </remarks>
public sealed partial class AlpacaVenue : IVenue, IDisposable
{
    private readonly AlpacaOptions _options;
    private readonly TimeProvider _time;
    private readonly LinkHealth _health;
    private readonly AlpacaCalls _calls;

    /// <summary>A link to the venue; it connects with the first call.</summary>
    /// <exception cref="ArgumentException">There is no base URL.</exception>
    public AlpacaVenue(IOptions<AlpacaOptions> options, ConfiguredAccounts accounts, TimeProvider time, ILogger<AlpacaVenue> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _time = time;
        var host = (_options.BaseUrl ?? throw new ArgumentException("Venues:Alpaca:BaseUrl is missing.", nameof(options))).Host;
        _health = new LinkHealth(time, logger, $"alpaca at {host}", _options.SilentAfter);
        _calls = new AlpacaCalls(_options, accounts, time, _health);
        Description = new(
            $"alpaca at {host}",
            [OrderType.Market, OrderType.Limit, OrderType.Stop, OrderType.StopLimit, OrderType.TrailingStop],
            MassCancelScope.Account,
            _options.VisibilityBound,
            PushesUpdates: false,
            OrdersDieWithSession: false,
            AcceptsReduceOnly: false,
            RateLimit: _options.EffectiveCallsPerMinute is > 0 and var calls
                ? new(calls, calls * _options.ReservedForCancelsPercent / 100)
                : null);
    }

    /// <inheritdoc/>
    public VenueDescription Description { get; }

    /// <inheritdoc/>
    public VenueHealth Health => _health.Now;

    /// <inheritdoc/>
    /// <remarks>What a refused permit attests is written at <see cref="TrackedContent"/>.</remarks>
    public ValueTask<PlaceOutcome> PlaceAsync(VenueOrder order, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        var body = JsonSerializer.SerializeToUtf8Bytes(ToWire(order), AlpacaJson.Default.AlpacaOrderRequest);
        return SendOnceAsync(order.Account, HttpMethod.Post, "/v2/orders", body, permit, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The venue's answer shows the new order; the one before it becomes <c>replaced</c>. A refusal (422: filled, cancelled
    /// or being replaced already) leaves it as it was.
    /// </remarks>
    public ValueTask<PlaceOutcome> ReplaceAsync(VenueReplacement replacement, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        var patch = new AlpacaOrderPatch(
            replacement.Changed(t => t.Quantity),
            TimeInForce: null,
            replacement.Changed(t => t.LimitPrice),
            replacement.Changed(t => t.StopPrice),
            replacement.ChangedTrail,
            replacement.Order.Id.Value);
        var body = JsonSerializer.SerializeToUtf8Bytes(patch, AlpacaJson.Default.AlpacaOrderPatch);
        var path = $"/v2/orders/{Uri.EscapeDataString(replacement.OldVenueOrderId)}";
        return SendOnceAsync(replacement.Order.Account, HttpMethod.Patch, path, body, permit, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: this venue does not push.</exception>
    public void Subscribe(IVenueObserver observer) =>
        throw new NotSupportedException("This venue pushes no updates; see its description.");

    /// <summary>Asks the venue for an account, and says in one sentence what is right or wrong with it.</summary>
    public Task<(bool Good, string Sentence)> VerifyAsync(AccountId account, CancellationToken cancellationToken) =>
        AccountCheck.RunAsync(_calls, account, _options, _time, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _calls.Dispose();

    private async ValueTask<PlaceOutcome> SendOnceAsync(
        AccountId account, HttpMethod method, string path, byte[] body, ISendPermit permit, CancellationToken cancellationToken)
    {
        var reply = await SendWithinAsync(account, CallKind.Placing, method, path, body, permit, cancellationToken);
        if (!reply.IsAnswer)
        {
            return reply.HadNoEffect
                ? new PlaceOutcome.NotSent(reply.Phase, reply.Reason)
                : new PlaceOutcome.Unknown(reply.Phase, reply.Reason);
        }

        return reply.IsGood ? ReadPlaced(reply, account) : ReadRefused(reply);
    }

    /// <summary>Written once, within the send window, or never.</summary>
    private async ValueTask<AlpacaReply> SendWithinAsync(
        AccountId account, CallKind kind, HttpMethod method, string path, byte[] body, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permit);
        using var timeout = new CancellationTokenSource(_options.CallTimeout, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(permit.WindowEnd, timeout.Token, cancellationToken);
        using var content = new TrackedContent(body, _time, permit);
        return await _calls.SendOnceAsync(account, kind, method, path, content, end.Token);
    }

    private static AlpacaOrderRequest ToWire(VenueOrder order)
    {
        var terms = order.Terms;
        return new()
        {
            Symbol = terms.Symbol.InOrders(),
            Qty = terms.Quantity,
            Side = terms.Side.ToWire(),
            Type = terms.Type.ToWire(),
            TimeInForce = terms.TimeInForce.ToWire(),
            LimitPrice = terms.LimitPrice,
            StopPrice = terms.StopPrice,
            TrailPrice = terms.TrailPrice,
            TrailPercent = terms.TrailPercent,
            ClientOrderId = order.Id.Value,
        };
    }

    private static PlaceOutcome ReadPlaced(AlpacaReply reply, AccountId account)
    {
        var (report, why) = reply.TryRead(AlpacaJson.Default.AlpacaOrder, out var shown) && shown is not null
            ? AlpacaReports.Read(shown, account)
            : (null, "The venue's answer cannot be read.");
        return report is null
            ? new PlaceOutcome.Unknown(VenuePhase.Answer, why ?? string.Empty)
            : new PlaceOutcome.Accepted(report);
    }

    /// <summary>A refusal proves that the venue does not have the order, except where it says that it does.</summary>
    private static PlaceOutcome ReadRefused(AlpacaReply reply)
    {
        var (code, message) = reply.Error();
        var duplicate = message.Contains("client_order_id", StringComparison.OrdinalIgnoreCase)
            && message.Contains("unique", StringComparison.OrdinalIgnoreCase);
        return duplicate ? new PlaceOutcome.Unknown(VenuePhase.Answer, "The venue has an order of this client order id already.")
            : reply.Status is 408 or >= 500 or < 400 ? new PlaceOutcome.Unknown(reply.Failure().Phase, reply.Failure().Reason)
            : new PlaceOutcome.Rejected(code, message);
    }
}
