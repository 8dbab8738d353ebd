using System.Globalization;
using EmergencyStop.Ids;
using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Simulator;

/// <summary>Brings HTTP calls to the market, over the link with its faults.</summary>
/// <remarks>A caller who hangs up changes nothing: what has arrived takes effect.</remarks>
internal sealed class SimulatorCalls(SimulatedLink link, SimulatedFaults faults)
{
    public static AccountId AccountOf(HttpContext http) =>
        http.Items[typeof(AccountId)] is AccountId account ? account : throw new InvalidOperationException("The key filter has not run.");

    /// <summary>Makes one call to the market.</summary>
    public async Task<IResult> CallAsync(HttpContext http, Func<SimulatedMarket, AccountId, IResult> call)
    {
        var account = AccountOf(http);
        return Carry(http, await link.CallAsync(account, market => call(market, account)), answer => answer);
    }

    public async Task<IResult> PlaceAsync(HttpContext http, SimulatedOrderRequest request) =>
        Carry(http, await link.PlaceAsync(request), answer => Show(answer, Answers.Order));

    public Task<IResult> CancelAsync(HttpContext http, string id) =>
        CallAsync(http, (_, account) => Show(link.CancelAtMarket(account, id), _ => Results.NoContent()));

    public Task<IResult> CancelAllAsync(HttpContext http) => CallAsync(http, (market, account) =>
    {
        var answers = CancelAll(market, account);
        return Results.Json([.. answers], AlpacaJson.Default.ImmutableArrayAlpacaCancelled, statusCode: StatusCodes.Status207MultiStatus);
    });

    public IEnumerable<AlpacaCancelled> CancelAll(SimulatedMarket market, AccountId account) =>
        market.OpenOrders(account).Where(order => order.Request.Type != faults.Current.For(account).MassCancelLeaves).Select(order =>
        {
            var id = order.VenueOrderId.ToString();
            var refused = link.CancelAtMarket(account, id).Refusal is not null;
            return new AlpacaCancelled(id, refused ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
        });

    public static IResult Show((SimulatedOrderView? Order, SimulatedRefusal? Refusal) answer, Func<SimulatedOrderView, IResult> good) =>
        answer switch
        {
            ({ } order, _) => good(order),
            (_, { } refusal) => Answers.Refused(refusal),
            _ => throw new InvalidOperationException("The market answers with an order or a refusal."),
        };

    private static IResult Carry<T>(HttpContext http, LinkAnswer<T> answer, Func<T, IResult> good)
    {
        if (answer.Rate.Limit > 0)
        {
            http.Response.Headers[AlpacaNames.LimitHeader] = answer.Rate.Limit.ToString(CultureInfo.InvariantCulture);
            http.Response.Headers[AlpacaNames.RemainingHeader] = answer.Rate.Remaining.ToString(CultureInfo.InvariantCulture);
            http.Response.Headers[AlpacaNames.ResetHeader] = answer.Rate.ResetsAt.ToString(CultureInfo.InvariantCulture);
        }

        switch (answer.Fault)
        {
            case LinkFault.None:
                return good(answer.Value!); // Without a fault there is a value.
            case LinkFault.RateLimited:
                return Answers.Error(StatusCodes.Status429TooManyRequests, 42910000, "rate limit exceeded");
            default:
                http.Abort();
                return Results.Empty;
        }
    }
}
