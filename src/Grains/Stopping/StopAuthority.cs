using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Stopping;

/// <summary>Who may stop and release what. Pure.</summary>
public static class StopAuthority
{
    /// <summary>Why the caller may not stop this target; <c>null</c> when it may.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="target">What to stop.</param>
    /// <param name="strategyOwner">For a STRATEGY target: its owner, if it is known.</param>
    public static string? RefuseStop(Caller caller, StopTarget target, UserId? strategyOwner) => caller.Role switch
    {
        Role.RiskOfficer or Role.Admin => null,
        Role.Trader when target.Scope is EmergencyStopScope.User or EmergencyStopScope.UserSymbol && target.User == caller.User => null,
        Role.Trader when target.Scope == EmergencyStopScope.Strategy && strategyOwner is { } owner && owner == caller.User => null,
        Role.Trader => "A trader stops the own book, a symbol in it, or an own strategy.",
        _ => $"The role {Wire(caller.Role)} does not stop trading.",
    };

    /// <summary>Why the caller may not release this stop; <c>null</c> when it may.</summary>
    public static string? RefuseRelease(Caller caller, Stop stop, bool resumeStrategies) => caller.Role switch
    {
        Role.RiskOfficer or Role.Admin => null,
        Role.Trader when stop.Request.RequestedBy.Role != Role.Trader || stop.Request.RequestedBy.User != caller.User =>
            "A trader releases only what the same trader engaged.",
        Role.Trader when resumeStrategies => "resume_strategies is a risk officer's decision; release, then resume your strategies one by one.",
        Role.Trader => null,
        _ => $"The role {Wire(caller.Role)} does not release stops.",
    };

    /// <summary>The same with everything that a release may ask for.</summary>
    public static string? RefuseRelease(ReleaseRequest request, Stop stop) =>
        RefuseRelease(request.By, stop, request.ResumeStrategies)
        ?? (request.DespiteOutstanding && Authority.Of(request.By.Role, Deed.Except) != Reach.All
            ? "despite_outstanding is a risk officer's decision; wait until nothing is owed."
            : null);

    /// <summary>Why the caller may not carve these parts out of the stop from the start; <c>null</c> when it may, or asks for none.</summary>
    public static string? RefuseExcept(EmergencyStopRequest request) =>
        request.Except.IsDefaultOrEmpty || Authority.Of(request.RequestedBy.Role, Deed.Except) == Reach.All
            ? null
            : "except is a risk officer's decision.";

    private static string Wire(Role role) => role switch
    {
        Role.RiskOfficer => "risk_officer",
        _ => role.ToString().ToLowerInvariant(),
    };
}
