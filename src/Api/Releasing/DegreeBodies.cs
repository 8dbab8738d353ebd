using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Releasing;

/// <summary>Which debt is given up, and why.</summary>
public sealed record WaiveBody
{
    /// <summary>What is owed: <c>order</c>, <c>strategy</c>, <c>position</c>, <c>mass_cancel</c> or <c>verification</c>.</summary>
    public ObligationKind? Kind { get; init; }

    /// <summary>Which: as the obligation names it.</summary>
    public string? Item { get; init; }

    /// <summary>Why, in words; 1 to 500 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>Which part of a stopped target may trade, or is put back, and why.</summary>
public sealed record ExceptBody
{
    /// <summary>The part: <c>USER:alice</c>, <c>STRATEGY:s1</c>, <c>SYMBOL:BTC-USD</c> or <c>USER:alice/SYMBOL:BTC-USD</c>.</summary>
    public StopTarget? Target { get; init; }

    /// <summary>Why, in words; 1 to 500 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>Why positions are to be closed too.</summary>
public sealed record EscalateBody
{
    /// <summary>Why, in words; 1 to 500 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>How long to wait for the result before a 202, in milliseconds; 0 to 60,000, default 5,000. The stop goes on either way.</summary>
    public int? WaitMs { get; init; }
}
