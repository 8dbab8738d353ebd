namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <summary>The rates of all faults that strike calls, each 0 to 1; by name, so that they can be printed and taken out one by one.</summary>
public sealed record Rates(
    double SlowTurn = 0,
    double CallLost = 0,
    double CallAnswerLost = 0,
    double Twin = 0,
    double Collection = 0,
    double CommitFails = 0,
    double CommitAnswerLost = 0,
    double ReadFails = 0,
    double CommitStalls = 0,
    double VenueSlow = 0,
    double VenueAnswerLost = 0,
    double VenueRequestLost = 0,
    double VenueRejects = 0,
    double VenueFills = 0,
    double VenueFillsWhileCancelling = 0,
    double VenueOddCancelAnswers = 0,
    double VenueNoticesAstray = 0,
    double VenueRateLimits = 0,
    double VenueEndsOrders = 0,
    double VenueOddMassCancels = 0,
    double VenueLateWrites = 0,
    double Drift = 0)
{
    /// <summary>Each rate with its name, and what the rates are without it.</summary>
    public IEnumerable<(string Name, double Value, Rates Without)> Each() =>
    [
        (nameof(SlowTurn), SlowTurn, this with { SlowTurn = 0 }),
        (nameof(CallLost), CallLost, this with { CallLost = 0 }),
        (nameof(CallAnswerLost), CallAnswerLost, this with { CallAnswerLost = 0 }),
        (nameof(Twin), Twin, this with { Twin = 0 }),
        (nameof(Collection), Collection, this with { Collection = 0 }),
        (nameof(CommitFails), CommitFails, this with { CommitFails = 0 }),
        (nameof(CommitAnswerLost), CommitAnswerLost, this with { CommitAnswerLost = 0 }),
        (nameof(ReadFails), ReadFails, this with { ReadFails = 0 }),
        (nameof(CommitStalls), CommitStalls, this with { CommitStalls = 0 }),
        (nameof(VenueSlow), VenueSlow, this with { VenueSlow = 0 }),
        (nameof(VenueAnswerLost), VenueAnswerLost, this with { VenueAnswerLost = 0 }),
        (nameof(VenueRequestLost), VenueRequestLost, this with { VenueRequestLost = 0 }),
        (nameof(VenueRejects), VenueRejects, this with { VenueRejects = 0 }),
        (nameof(VenueFills), VenueFills, this with { VenueFills = 0 }),
        (nameof(VenueFillsWhileCancelling), VenueFillsWhileCancelling, this with { VenueFillsWhileCancelling = 0 }),
        (nameof(VenueOddCancelAnswers), VenueOddCancelAnswers, this with { VenueOddCancelAnswers = 0 }),
        (nameof(VenueNoticesAstray), VenueNoticesAstray, this with { VenueNoticesAstray = 0 }),
        (nameof(VenueRateLimits), VenueRateLimits, this with { VenueRateLimits = 0 }),
        (nameof(VenueEndsOrders), VenueEndsOrders, this with { VenueEndsOrders = 0 }),
        (nameof(VenueOddMassCancels), VenueOddMassCancels, this with { VenueOddMassCancels = 0 }),
        (nameof(VenueLateWrites), VenueLateWrites, this with { VenueLateWrites = 0 }),
        (nameof(Drift), Drift, this with { Drift = 0 }),
    ];
}
