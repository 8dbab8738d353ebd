namespace EmergencyStop.Grains.Risk;

/// <summary>The last readings of one figure: what it has been at least, for as many readings and as long as a rule asks (F21).</summary>
/// <remarks>
/// Readings that come close together are put into one, so that the memory has a bound; each still counts. A reading that could
/// not be made is not handed in: it proves nothing either way.
/// </remarks>
internal sealed class HeldReadings
{
    /// <summary>A hold is told apart into so many parts at most.</summary>
    private const int Parts = 64;

    private readonly LinkedList<Stretch> _stretches = new();

    /// <summary>Forgets everything.</summary>
    public void Clear() => _stretches.Clear();

    /// <summary>Takes a reading.</summary>
    /// <returns>The lowest of the readings within the hold; <c>null</c> while there are too few, or they are too close together.</returns>
    /// <param name="value">The reading.</param>
    /// <param name="at">When.</param>
    /// <param name="samples">How many readings make a hold.</param>
    /// <param name="holdFor">How long it lasts, from its first reading to its last.</param>
    public decimal? Add(decimal value, DateTimeOffset at, int samples, TimeSpan holdFor)
    {
        if (_stretches.Last is { } last && _stretches.Count > samples && at - last.Value.From < holdFor / Parts)
        {
            last.Value = new(last.Value.From, last.Value.Count + 1, Math.Min(last.Value.Lowest, value));
        }
        else
        {
            _stretches.AddLast(new Stretch(at, 1, value));
        }

        return Lowest(at, samples, holdFor);
    }

    private decimal? Lowest(DateTimeOffset now, int samples, TimeSpan holdFor)
    {
        var (count, lowest) = (0, decimal.MaxValue);
        for (var at = _stretches.Last; at is not null; at = at.Previous)
        {
            (count, lowest) = (count + at.Value.Count, Math.Min(lowest, at.Value.Lowest));
            if (count >= samples && now - at.Value.From >= holdFor)
            {
                while (_stretches.First != at)
                {
                    _stretches.RemoveFirst(); // Older than the hold.
                }

                return lowest;
            }
        }

        return null;
    }

    private readonly record struct Stretch(DateTimeOffset From, int Count, decimal Lowest);
}
