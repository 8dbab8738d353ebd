using EmergencyStop.Grains.Stopping;
using EmergencyStop.Grains.Strategies;
using EmergencyStop.Ledger;
using EmergencyStop.Simulation.Tests.Machine;
using EmergencyStop.Simulation.Tests.Scenarios;
using Orleans.Serialization;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>An outage of the ledger is said once, by its watch, and not by each who meets it (F27); and whoever asks for something hears what it is.</summary>
public sealed class SaidOnce(Sight sight) : Witness(sight)
{
    /// <summary>Those say what was lost by it: a notice is told once or never, and its outcome is written once or never.</summary>
    private static readonly string[] TellOfNotices = [nameof(NoticeDesk), nameof(EmergencyStopSystem)];

    /// <inheritdoc/>
    public override void Logged(Logged entry)
    {
        if (entry.Why is LedgerUnavailableException && Array.IndexOf(TellOfNotices, entry.By) < 0)
        {
            Sight.Broken(0, $"{entry.By} logs at {entry.Level} that the ledger cannot be used, which its watch has said (F27): {entry.Why.Message}");
        }
        else if (entry.Why is CodecNotFoundException)
        {
            Sight.Broken(0, $"{entry.By} logs at {entry.Level} what could not cross a call: {entry.Why.Message}");
        }
    }

    /// <inheritdoc/>
    public override void Answered(Heard heard)
    {
        if (heard.Answer is CodecNotFoundException unnamed)
        {
            Sight.Broken(0, $"act {heard.Act.Number} is answered with what could not cross a call: {unnamed.Message}");
        }
    }
}
