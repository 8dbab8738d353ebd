namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <summary>A request of a caller, and what came of it.</summary>
/// <param name="Act">What was asked.</param>
/// <param name="Try">Which try it was, from 1.</param>
/// <param name="Process">Which process was asked.</param>
/// <param name="Asked">When.</param>
public sealed record Heard(Act Act, int Try, string Process, TimeSpan Asked)
{
    /// <summary>The answer; an exception where the call failed; <c>null</c> while there is none.</summary>
    public object? Answer { get; private set; }

    /// <summary>When it came.</summary>
    public TimeSpan? At { get; private set; }

    public void Hear(object answer, TimeSpan at) => (Answer, At) = (answer, at);
}
