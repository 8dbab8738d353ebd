using Microsoft.Extensions.Logging;

namespace EmergencyStop.Simulation.Tests.Machine;

/// <summary>What somebody wrote into the log, with what went wrong.</summary>
/// <param name="By">The class.</param>
/// <param name="Level">How loud; at least a warning.</param>
/// <param name="Why">What went wrong.</param>
public sealed record Logged(string By, LogLevel Level, Exception Why);

/// <summary>The log of one class in a simulated process: nobody reads it, but whoever watches hears what went wrong.</summary>
public sealed class SimulatedLog<T>(Action<Logged> hears) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null && IsEnabled(logLevel))
        {
            hears(new(typeof(T).Name, logLevel, exception));
        }
    }
}
