using EmergencyStop.Ids;
using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Simulator;

/// <summary>Every key id is an account of its own, with whatever secret. While the venue is down, nobody gets an answer.</summary>
internal sealed class KeyFilter(SimulatedFaults faults) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (faults.Current.Down)
        {
            http.Abort();
            return Results.Empty;
        }

        if (!AccountId.TryParse(http.Request.Headers[AlpacaNames.KeyHeader], out var account, out _))
        {
            return Answers.Error(StatusCodes.Status401Unauthorized, 40110000, $"request is not authorized: {AlpacaNames.KeyHeader} is missing or malformed");
        }

        if (faults.Current.IsDownFor(account))
        {
            http.Abort();
            return Results.Empty;
        }

        http.Items[typeof(AccountId)] = account;
        return await next(context);
    }
}
