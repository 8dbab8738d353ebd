using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>How far a stop has come, as its rows in the ledger show.</summary>
public enum StopStep
{
    /// <summary>It is engaged, and nothing that it owes has come to anything.</summary>
    Engaged,

    /// <summary>Strategies are paused; no order has an outcome.</summary>
    Paused,

    /// <summary>Orders have outcomes, and something is unmet.</summary>
    Swept,

    /// <summary>All that has outcomes is met; the pass has not ended.</summary>
    Confirmed,

    /// <summary>Positions have outcomes; the pass has not ended.</summary>
    Closing,

    /// <summary>A pass has ended with debts, and the next has not begun.</summary>
    BetweenPasses,

    /// <summary>It is completed.</summary>
    Completed,

    /// <summary>It is released.</summary>
    Released,
}

/// <summary>Reads off the ledger how far a stop has come.</summary>
public static class StopSteps
{
    /// <summary>All of them.</summary>
    public static StopStep[] All { get; } = Enum.GetValues<StopStep>();

    /// <summary>How far a stop has come.</summary>
    /// <param name="row">Its rows.</param>
    /// <param name="now">By a clock that is right.</param>
    public static StopStep Of(ModelStop row, DateTimeOffset now) => row.Stop switch
    {
        { Release: not null } => StopStep.Released,
        { State: StopState.Completed } => StopStep.Completed,
        { NextTry: { } next } when now < next => StopStep.BetweenPasses,
        _ => Within(row.Outcomes),
    };

    private static StopStep Within(ModelOutcomes outcomes)
    {
        var (orders, strategies) = (false, false);
        foreach (var outcome in outcomes.Sorted)
        {
            switch (outcome.Kind)
            {
                case ObligationKind.Position:
                    return StopStep.Closing;
                case ObligationKind.Strategy:
                    strategies = true;
                    break;
                default:
                    orders = true;
                    break;
            }
        }

        return orders ? outcomes.Unmet == 0 ? StopStep.Confirmed : StopStep.Swept : strategies ? StopStep.Paused : StopStep.Engaged;
    }
}
