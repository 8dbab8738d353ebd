using System.Collections.Immutable;

namespace EmergencyStop.Stopping;

/// <summary>What a stop cannot guarantee, in sentences: said before it and with its result.</summary>
public interface IStopWarnings
{
    /// <summary>The sentences; none where everything in scope goes through the gate.</summary>
    ImmutableArray<string> Of(StopTarget target, StopOptions options);
}
