using EmergencyStop.Access;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Api.Orders;

/// <summary>A risk officer's word that a reduce-only order may pass a closed gate.</summary>
public sealed record PastGateBody
{
    /// <summary>The stop that holds the gate closed, the latest of them: one that was engaged after it still refuses.</summary>
    public StopId? StopId { get; init; }

    /// <summary>Why, in words; 1 to 500 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Checks it against the order that it comes with. Pure.</summary>
    internal static PastGate? Read(PlaceOrderBody body, Caller caller, FieldErrors errors)
    {
        if (body.PastGate is not { } past)
        {
            return null;
        }

        errors.AddIf(body.ReduceOnly != true, "reduce_only", "past_gate takes reduce-only orders: set reduce_only to true.");
        return new(errors.Required("past_gate.stop_id", past.StopId), caller, ReasonText.Read(past.Reason, needed: true, errors));
    }
}
