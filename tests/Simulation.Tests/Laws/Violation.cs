namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>A law that was broken.</summary>
/// <param name="Law">1 to 10 as in the design; 0 for what holds beside them: counts, audit, nothing stuck.</param>
/// <param name="At">When.</param>
/// <param name="What">What was seen.</param>
public sealed record Violation(int Law, TimeSpan At, string What)
{
    public override string ToString() => $"law {Law} at {At.TotalMilliseconds:F3} ms: {What}";
}
