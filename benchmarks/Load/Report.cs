namespace EmergencyStop.Load;

/// <summary>Figures beside their floors.</summary>
internal sealed class Report
{
    public int Missed { get; private set; }

    /// <summary>Whether floors of the default ledger are asked for; a database has its own.</summary>
    public bool IsDefaultLedger { get; init; } = true;

    /// <summary>A figure that has no floor of its own.</summary>
    public static void Say(string what, string figure) => Console.WriteLine($"   {what,-62} {figure}");

    /// <summary>A figure that must stay at or below its floor.</summary>
    public void AtMost(string what, double figure, double floor, string unit) => Judge(what, figure, floor, unit, "at most", figure <= floor);

    /// <summary>A figure that must reach its floor.</summary>
    public void AtLeast(string what, double figure, double floor, string unit) => Judge(what, figure, floor, unit, "at least", figure >= floor);

    /// <summary>As <see cref="AtMost"/>, where the floor was set for the default ledger.</summary>
    public void AtMostByDefault(string what, double figure, double floor, string unit)
    {
        if (IsDefaultLedger)
        {
            AtMost(what, figure, floor, unit);
        }
        else
        {
            Say(what, $"{figure:0.###} {unit}");
        }
    }

    /// <summary>As <see cref="AtLeast"/>, where the floor was set for the default ledger.</summary>
    public void AtLeastByDefault(string what, double figure, double floor, string unit)
    {
        if (IsDefaultLedger)
        {
            AtLeast(what, figure, floor, unit);
        }
        else
        {
            Say(what, $"{figure:0.###} {unit}");
        }
    }

    private void Judge(string what, double figure, double floor, string unit, string bound, bool met)
    {
        Missed += met ? 0 : 1;
        Console.WriteLine($"{(met ? "ok " : "NO ")}{what,-62} {figure,10:0.###} {unit,-10} ({bound} {floor:0.###})");
    }
}

/// <summary>Samples of one duration.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];

    public int Count => _milliseconds.Count;

    public double Median => At(0.5);

    public double P99 => At(0.99);

    public void Add(TimeSpan took) => _milliseconds.Add(took.TotalMilliseconds);

    public void Add(double milliseconds) => _milliseconds.Add(milliseconds);

    private double At(double share)
    {
        var sorted = _milliseconds.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
