namespace Orleans.Solo.Simulation;

/// <summary>A stream of random numbers that is the same for the same seed, on every machine and runtime.</summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). Not for secrets.</remarks>
public sealed class SeededRandom : Random
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>A stream of its own for each seed.</summary>
    public SeededRandom(ulong seed)
        : base(0) => _state = seed;

    /// <summary>The stream that belongs to a name within a seed: drawing from one never moves another.</summary>
    public static SeededRandom Of(ulong seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var hash = seed;
        foreach (var c in name)
        {
            hash = Mix(unchecked(hash + Golden) ^ c);
        }

        return new(Mix(hash));
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64() => Mix(_state = unchecked(_state + Golden));

    /// <summary>True in this share of cases.</summary>
    /// <param name="share">0 to 1.</param>
    public bool Chance(double share) => share > 0 && Sample() < share;

    /// <summary>A span between two, evenly.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + TimeSpan.FromTicks((long)(Sample() * (most - least).Ticks));

    /// <summary>A span whose order of magnitude is even: many short ones, few long ones.</summary>
    public TimeSpan LogBetween(TimeSpan least, TimeSpan most) =>
        TimeSpan.FromTicks((long)(least.Ticks * Math.Pow((double)most.Ticks / least.Ticks, Sample())));

    /// <summary>One of these.</summary>
    public T Pick<T>(IReadOnlyList<T> from)
    {
        ArgumentNullException.ThrowIfNull(from);
        return from[Next(from.Count)];
    }

    /// <inheritdoc/>
    public override int Next() => (int)(NextUInt64() >> 33);

    /// <inheritdoc/>
    public override int Next(int maxValue) => maxValue <= 0 ? 0 : (int)(NextUInt64() % (ulong)maxValue);

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue) => minValue + Next(maxValue - minValue);

    /// <inheritdoc/>
    public override double NextDouble() => Sample();

    /// <inheritdoc/>
    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer)
    {
        for (var i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (byte)(NextUInt64() >> 56);
        }
    }

    /// <inheritdoc/>
    protected override double Sample() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
