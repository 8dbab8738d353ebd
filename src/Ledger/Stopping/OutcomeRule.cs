using System.Runtime.InteropServices;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Stopping;

/// <summary>Which outcome of one item stays. Pure; the same for every ledger.</summary>
public static class OutcomeRule
{
    /// <summary>Whether a later outcome takes the place of the one that stands.</summary>
    /// <remarks>A met one is never overwritten, except a <c>NeverSent</c> that was inferred: the order may appear after all.</remarks>
    public static bool Replaces(OutcomeKind standing, bool standingInferred) =>
        !standing.IsMet() || (standing == OutcomeKind.NeverSent && standingInferred);

    /// <summary>Whether a later outcome takes the place of the one that stands, with all that the kinds of debts ask for.</summary>
    /// <param name="standing">The one that stands.</param>
    /// <param name="next">The later one.</param>
    /// <param name="stop">The stop.</param>
    /// <remarks>
    /// A waived debt may still be met by evidence, and is never owed again. The latest asking of a mass cancel counts: an
    /// earlier one that was answered proves nothing about it. A position or a reading from before the stop was set to work
    /// anew proves nothing either.
    /// </remarks>
    public static bool Replaces(ItemOutcome standing, ItemOutcome next, Stop stop) => standing.Outcome switch
    {
        OutcomeKind.Waived => next.Outcome.IsMet() && next.Outcome != OutcomeKind.Waived,
        _ when Replaces(standing.Outcome, standing.Inferred) => true,
        _ when standing.Kind == ObligationKind.MassCancel => next.At >= standing.At,
        _ => standing.Kind is ObligationKind.Position or ObligationKind.Verification && standing.At < stop.Again?.At,
    };

    /// <summary>How an outcome counts in the stop's summary.</summary>
    public static OutcomeCounts Counts(ObligationKind kind, OutcomeKind outcome) => new(
        kind == ObligationKind.Order && outcome is (OutcomeKind.Cancelled or OutcomeKind.NeverSent) ? 1 : 0,
        kind == ObligationKind.Strategy && outcome == OutcomeKind.Paused ? 1 : 0,
        kind == ObligationKind.Position && outcome == OutcomeKind.Closed ? 1 : 0);
}

/// <summary>The counts that a row of the history shows.</summary>
/// <param name="OrdersCancelled">Cancelled and never-sent orders.</param>
/// <param name="StrategiesPaused">Paused strategies.</param>
/// <param name="PositionsClosed">Closed positions.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OutcomeCounts(int OrdersCancelled, int StrategiesPaused, int PositionsClosed)
{
    /// <summary>Both together.</summary>
    public static OutcomeCounts operator +(OutcomeCounts a, OutcomeCounts b) => new(
        a.OrdersCancelled + b.OrdersCancelled, a.StrategiesPaused + b.StrategiesPaused, a.PositionsClosed + b.PositionsClosed);

    /// <summary>The first without the second.</summary>
    public static OutcomeCounts operator -(OutcomeCounts a, OutcomeCounts b) => new(
        a.OrdersCancelled - b.OrdersCancelled, a.StrategiesPaused - b.StrategiesPaused, a.PositionsClosed - b.PositionsClosed);
}
