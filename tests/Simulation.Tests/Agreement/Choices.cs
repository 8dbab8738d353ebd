using System.Collections.Immutable;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>The numbers of a step, spent one by one; a step that has spent all goes on with zeros, the simplest choice.</summary>
internal sealed class Choices(ImmutableArray<int> numbers)
{
    private int _next;

    /// <summary>A number from 0 to below <paramref name="count"/>.</summary>
    public int Of(int count) => Next() % count;

    /// <summary>True once in so many; never for a zero.</summary>
    public bool OneIn(int count) => Of(count) == count - 1;

    /// <summary>One of these; the first for a zero.</summary>
    public T From<T>(params ReadOnlySpan<T> items) => items[Of(items.Length)];

    private int Next() => _next < numbers.Length ? numbers[_next++] : 0;
}
