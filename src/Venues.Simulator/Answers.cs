using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Simulator;

/// <summary>Answers in Alpaca's JSON.</summary>
internal static class Answers
{
    public static IResult Error(int status, int code, string message) =>
        Results.Json(new AlpacaError(code, message), AlpacaJson.Default.AlpacaError, statusCode: status);

    public static IResult Refused(SimulatedRefusal refusal) => Error(refusal.Status, refusal.Code, refusal.Message);

    public static IResult Invalid(string message) => Refused(SimulatedRefusal.Invalid(message));

    public static IResult Order(SimulatedOrderView order) =>
        Results.Json(OrderJson.Of(order), AlpacaJson.Default.AlpacaOrder);
}
