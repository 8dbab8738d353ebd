namespace EmergencyStop.Grains.Risk;

/// <summary>The equity that a peak or a day's start is taken from: the middle of the last readings, so that a wrong one makes neither (F21).</summary>
internal sealed class SettledEquity
{
    /// <summary>How many readings. One wrong one among them is never the middle.</summary>
    public const int Readings = 3;

    private readonly Queue<decimal> _last = new();

    /// <summary>The middle; <c>null</c> until there are enough readings.</summary>
    public decimal? Value { get; private set; }

    /// <summary>Takes a reading.</summary>
    public void Add(decimal equity)
    {
        _last.Enqueue(equity);
        if (_last.Count > Readings)
        {
            _last.Dequeue();
        }

        Value = _last.Count == Readings ? _last.Order().ElementAt(Readings / 2) : null;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _last.Clear();
        Value = null;
    }
}
