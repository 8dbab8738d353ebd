namespace EmergencyStop.Simulation.Tests.Machine;

/// <summary>How often which fault strikes calls to the ledger.</summary>
public sealed class LedgerFaults
{
    /// <summary>Share of commits that are refused and not carried out.</summary>
    public double Fails { get; set; }

    /// <summary>Share of commits that are carried out, and whose caller hears that the ledger cannot be used.</summary>
    public double AnswerLost { get; set; }

    /// <summary>Share of reads that are refused.</summary>
    public double ReadFails { get; set; }

    /// <summary>Share of commits that stall, and everything behind them.</summary>
    public double Stalls { get; set; }

    /// <summary>How long the longest stall takes.</summary>
    public TimeSpan LongestStall { get; set; } = TimeSpan.FromSeconds(4);

    public void Heal() => Fails = AnswerLost = ReadFails = Stalls = 0;
}
