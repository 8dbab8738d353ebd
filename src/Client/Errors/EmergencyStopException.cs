namespace EmergencyStop.Client;

/// <summary>A call has not come to its answer; <see cref="Problem"/> says why.</summary>
public sealed class EmergencyStopException : Exception
{
    /// <summary>A call without its answer.</summary>
    /// <param name="problem">Why.</param>
    /// <param name="inner">What was thrown below, if anything was.</param>
    public EmergencyStopException(EmergencyStopProblem problem, Exception? inner = null)
        : base($"{problem?.Code}: {problem?.Detail}", inner)
    {
        ArgumentNullException.ThrowIfNull(problem);
        Problem = problem;
    }

    /// <summary>Why.</summary>
    public EmergencyStopProblem Problem { get; }

    /// <summary>The idempotency key of the call, to make the same one again; <c>null</c> for a call that carries none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How long the service asks to wait before the next try; <c>null</c> when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
