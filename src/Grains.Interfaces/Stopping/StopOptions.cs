using Orleans;

namespace EmergencyStop.Stopping;

/// <summary>What a stop does beside closing the gate.</summary>
/// <param name="CancelOrders">Bring every order in scope to a proven end. Default on.</param>
/// <param name="PauseStrategies">Pause the strategies in scope. Default on.</param>
/// <param name="ClosePositions">Close the positions in scope, after the cancels are confirmed. Default off; needs <paramref name="CancelOrders"/>.</param>
/// <param name="KeepProtective">Leave protective orders until the position is flat. Default off.</param>
/// <param name="CancelOnly">Draw a number but hold no latch: cancel what is there now and let new orders in. Default off; excludes pausing and closing.</param>
[GenerateSerializer, Immutable, Alias("stop-options")]
public sealed record StopOptions(
    [property: Id(0)] bool CancelOrders = true,
    [property: Id(1)] bool PauseStrategies = true,
    [property: Id(2)] bool ClosePositions = false,
    [property: Id(3)] bool KeepProtective = false,
    [property: Id(4)] bool CancelOnly = false)
{
    /// <summary>What panic does: cancel, pause, close.</summary>
    public static StopOptions Panic { get; } = new(ClosePositions: true);

    /// <summary>Why these options contradict each other, or <c>null</c>; with the option to name.</summary>
    public (string Field, string Why)? Contradiction => this switch
    {
        { ClosePositions: true, CancelOrders: false } =>
            ("close_positions", "close_positions needs cancel_orders: a resting order could open the position again."),
        { CancelOnly: true, CancelOrders: false } => ("cancel_only", "cancel_only needs cancel_orders."),
        { CancelOnly: true, PauseStrategies: true } =>
            ("cancel_only", "cancel_only cancels and holds nothing: leave pause_strategies out or set it to false."),
        { CancelOnly: true, ClosePositions: true } =>
            ("cancel_only", "cancel_only holds no latch, and positions are closed behind a closed gate only: leave close_positions out."),
        _ => null,
    };
}
