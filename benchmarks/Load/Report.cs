namespace EmergencyStop.Load;

/// <summary>Figures beside their floors.</summary>
internal sealed class Report
{
    public int Missed { get; private set; }

    /// <summary>A figure that has no floor of its own.</summary>
    public static void Say(string what, string figure) => Console.WriteLine($"   {what,-62} {figure}");

    /// <summary>A figure that must stay at or below its floor, where it has one.</summary>
    public void AtMost(string what, double figure, double? floor, string unit) => Judge(what, figure, floor, unit, "at most", figure <= floor);

    /// <summary>A figure that must reach its floor, where it has one.</summary>
    public void AtLeast(string what, double figure, double? floor, string unit) => Judge(what, figure, floor, unit, "at least", figure >= floor);

    private void Judge(string what, double figure, double? floor, string unit, string bound, bool met)
    {
        if (floor is null)
        {
            Say(what, $"{figure:0.###} {unit}");
            return;
        }

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
