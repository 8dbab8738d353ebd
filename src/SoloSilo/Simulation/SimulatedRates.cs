namespace Orleans.Solo.Simulation;

/// <summary>How often which fault strikes calls and turns; all of them may, together.</summary>
public sealed class SimulatedRates
{
    /// <summary>Share of turns that come late.</summary>
    /// <value>0 to 1; default 0.</value>
    public double SlowTurn { get; set; }

    /// <summary>How late the slowest turn comes.</summary>
    /// <value>Default 3 s.</value>
    public TimeSpan SlowestTurn { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Share of calls to another process that never arrive.</summary>
    /// <value>0 to 1; default 0.</value>
    public double CallLost { get; set; }

    /// <summary>Share of calls to another process that are executed, and whose answer never arrives.</summary>
    /// <value>0 to 1; default 0.</value>
    public double AnswerLost { get; set; }

    /// <summary>Share of calls that find another process than the one in which the grain lives: from then on it lives twice.</summary>
    /// <value>0 to 1; default 0.</value>
    public double Twin { get; set; }

    /// <summary>Share of turns after which the activation is asked to end.</summary>
    /// <value>0 to 1; default 0.</value>
    public double Collection { get; set; }

    /// <summary>No fault strikes from now on.</summary>
    public void Heal() => SlowTurn = CallLost = AnswerLost = Twin = Collection = 0;
}
