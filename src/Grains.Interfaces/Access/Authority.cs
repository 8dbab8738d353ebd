using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Access;

/// <summary>What somebody may want to do.</summary>
public enum Deed
{
    /// <summary>Look: orders, positions, strategies, stops, history, previews.</summary>
    Read,

    /// <summary>Place an order through the gate.</summary>
    PlaceOrder,

    /// <summary>Cancel one order.</summary>
    CancelOrder,

    /// <summary>Register a strategy or change it.</summary>
    RegisterStrategy,

    /// <summary>Engage a stop.</summary>
    Stop,

    /// <summary>Release a stop.</summary>
    Release,

    /// <summary>Resume one paused strategy.</summary>
    Resume,

    /// <summary>Give one debt of a stop up, by name.</summary>
    Waive,

    /// <summary>Let a part of a stopped target trade: carve it out, put it back, or open what owes nothing.</summary>
    Except,

    /// <summary>Send a reduce-only order past a closed gate.</summary>
    PassGate,

    /// <summary>Write a risk rule, or take one away.</summary>
    WriteRules,

    /// <summary>Beat for a dead-man's switch, arm it by that, or disarm it.</summary>
    Beat,

    /// <summary>Have an event that was set aside tried again, or dismiss it, by name.</summary>
    SettleEvent,
}

/// <summary>How far a role reaches with a deed.</summary>
public enum Reach
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>In the key's own book only.</summary>
    Own,

    /// <summary>Everywhere.</summary>
    All,
}

/// <summary>Who may do what. Pure. Which targets a trader may stop, and which stops release, the stop system decides.</summary>
public static class Authority
{
    /// <summary>How far a role reaches with a deed.</summary>
    public static Reach Of(Role role, Deed deed) => (role, deed) switch
    {
        (Role.Admin, _) => Reach.All,
        (Role.RiskOfficer, Deed.Waive or Deed.Except or Deed.PassGate or Deed.WriteRules or Deed.SettleEvent) => Reach.All,
        (_, Deed.Waive or Deed.Except or Deed.PassGate or Deed.WriteRules or Deed.SettleEvent) => Reach.None,
        (Role.Trader, _) => Reach.Own,
        (_, Deed.Read) => Reach.All,
        (Role.Engine, Deed.PlaceOrder or Deed.CancelOrder or Deed.RegisterStrategy or Deed.Beat) => Reach.All,
        (Role.RiskOfficer, Deed.Stop or Deed.Release or Deed.Resume or Deed.CancelOrder or Deed.Beat) => Reach.All,
        _ => Reach.None,
    };

    /// <summary>Whether a caller may do this in this book.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="deed">What.</param>
    /// <param name="book">Whose book it is; <c>null</c> when it is nobody's alone.</param>
    public static bool Allows(Caller caller, Deed deed, UserId? book) => Of(caller.Role, deed) switch
    {
        Reach.All => true,
        Reach.Own => book is { } user && user == caller.User,
        _ => false,
    };

    /// <summary>Why a caller may not resume this strategy, or <c>null</c>.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="strategy">The strategy.</param>
    /// <param name="pausedBy">The stops behind its pauses.</param>
    public static string? WhyNotResume(Caller caller, Strategy strategy, IEnumerable<Stop> pausedBy) => Of(caller.Role, Deed.Resume) switch
    {
        Reach.None => "This key's role may not resume strategies.",
        Reach.Own when caller.User != strategy.User => "A trader resumes own strategies only.",
        Reach.Own when !pausedBy.All(s => EngagedBy(caller, s)) => "Another's stop paused this strategy; a risk officer resumes it.",
        _ => null,
    };

    private static bool EngagedBy(Caller caller, Stop stop) =>
        stop.Request.RequestedBy is { Role: Role.Trader, User: { } user } && user == caller.User;
}
