using EmergencyStop.Ids;
using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Simulator;

/// <summary>Every key id is an account of its own, with whatever secret but <c>wrong</c>. While the venue is down or silent, nobody gets an answer.</summary>
internal sealed class KeyFilter(SimulatedFaults faults, TimeProvider time) : IEndpointFilter
{
    private const string WrongSecret = "wrong";
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (faults.Current is { OnlyAccount: null, Down: true })
        {
            http.Abort();
            return Results.Empty;
        }

        if (!AccountId.TryParse(http.Request.Headers[AlpacaNames.KeyHeader], out var account, out _)
            || string.Equals(http.Request.Headers[AlpacaNames.SecretHeader], WrongSecret, StringComparison.Ordinal))
        {
            return Answers.Error(StatusCodes.Status401Unauthorized, 40110000, $"request is not authorized: {AlpacaNames.KeyHeader} is missing or malformed, or the secret is wrong");
        }

        if (faults.Current.For(account).Down)
        {
            http.Abort();
            return Results.Empty;
        }

        // Taken and never answered, as by a peer that is gone while the connection stands; its caller hangs up one day.
        while (faults.Current.For(account).Silent && !http.RequestAborted.IsCancellationRequested)
        {
            await Task.Delay(LookAgain, time);
        }

        if (http.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
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
