namespace EmergencyStop.Venues;

/// <summary>How far a call to a venue came before it failed.</summary>
public enum VenuePhase
{
    /// <summary>Waiting for the rate limit.</summary>
    RateLimit,

    /// <summary>Connecting: nothing was written.</summary>
    Connect,

    /// <summary>Writing: a part may have arrived.</summary>
    Write,

    /// <summary>Written whole; no answer came in time.</summary>
    Acknowledge,

    /// <summary>An answer came and could not be used.</summary>
    Answer,

    /// <summary>The venue answered that it cannot serve now (429, 5xx).</summary>
    Unavailable,
}

/// <summary>What became of sending an order.</summary>
public abstract record PlaceOutcome
{
    private PlaceOutcome()
    {
    }

    /// <summary>The venue has it; the report may already show a fill.</summary>
    public sealed record Accepted(VenueOrderReport Report) : PlaceOutcome;

    /// <summary>The venue has refused it, a full rate limit (429) included: it does not have it.</summary>
    public sealed record Rejected(string Code, string Reason) : PlaceOutcome;

    /// <summary>Nothing was written: the sender attests it.</summary>
    public sealed record NotSent(VenuePhase Phase, string Reason) : PlaceOutcome;

    /// <summary>Nobody can say whether the venue has it.</summary>
    public sealed record Unknown(VenuePhase Phase, string Reason) : PlaceOutcome;
}

/// <summary>What became of a cancel.</summary>
public abstract record CancelOutcome
{
    private CancelOutcome()
    {
    }

    /// <summary>The venue has shown the order's state in its answer; terminal or not, that is evidence.</summary>
    public sealed record Reported(VenueOrderReport Report) : CancelOutcome;

    /// <summary>The venue will try; no evidence yet.</summary>
    public sealed record Accepted : CancelOutcome;

    /// <summary>The venue says that it cannot be cancelled; no evidence why.</summary>
    public sealed record NotCancelable(string Reason) : CancelOutcome;

    /// <summary>The venue does not know the order; within the visibility bound that proves nothing.</summary>
    public sealed record NotFound : CancelOutcome;

    /// <summary>Nobody can say.</summary>
    public sealed record Unknown(VenuePhase Phase, string Reason) : CancelOutcome;
}

/// <summary>What became of a mass cancel.</summary>
public abstract record MassCancelOutcome
{
    private MassCancelOutcome()
    {
    }

    /// <summary>The venue has answered: it is over, whatever it did.</summary>
    public sealed record Answered(int Asked, int Refused) : MassCancelOutcome;

    /// <summary>Nothing was written, or the venue refused it whole (429): it has no effect, now or later.</summary>
    public sealed record NotSent(VenuePhase Phase, string Reason) : MassCancelOutcome;

    /// <summary>Nobody can say; it may still take effect.</summary>
    public sealed record Unknown(VenuePhase Phase, string Reason) : MassCancelOutcome;
}

/// <summary>A read is a value, nothing, or unreadable; never an empty list in place of a failure (F8).</summary>
public abstract record Reading<T>
{
    private Reading()
    {
    }

    /// <summary>The venue's answer.</summary>
    public sealed record Value(T Is) : Reading<T>;

    /// <summary>The venue has answered that there is no such thing.</summary>
    public sealed record Absent : Reading<T>;

    /// <summary>The venue could not be read; this proves nothing.</summary>
    public sealed record Unreadable(VenuePhase Phase, string Reason) : Reading<T>;
}
