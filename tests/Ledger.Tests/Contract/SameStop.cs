using System.Diagnostics.CodeAnalysis;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Contract;

/// <summary>Compares stops by value, their lists included.</summary>
public sealed class SameStop : IEqualityComparer<Stop?>
{
    public static SameStop Instance { get; } = new();

    public bool Equals(Stop? x, Stop? y) =>
        x is not null && y is not null
        && x with { UnprotectedPositions = [], CarveOuts = [] } == y with { UnprotectedPositions = [], CarveOuts = [] }
        && x.CarveOuts.SequenceEqual(y.CarveOuts)
        && x.UnprotectedPositions.SequenceEqual(y.UnprotectedPositions);

    public int GetHashCode([DisallowNull] Stop? obj) => obj.Id.GetHashCode();
}
