using System.Diagnostics.CodeAnalysis;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Tests.Contract;

/// <summary>Compares strategies by value, their pauses included.</summary>
public sealed class SameStrategy : IEqualityComparer<Strategy?>
{
    public static SameStrategy Instance { get; } = new();

    public bool Equals(Strategy? x, Strategy? y) =>
        x is not null && y is not null && x with { Pauses = [] } == y with { Pauses = [] } && x.Pauses.SequenceEqual(y.Pauses);

    public int GetHashCode([DisallowNull] Strategy? obj) => obj.Id.GetHashCode();
}
