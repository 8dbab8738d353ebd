using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>One step of a sequence: what kind of operation, and the numbers that its details follow from, given what is there by then.</summary>
public sealed record Step(int Kind, ImmutableArray<int> Choices)
{
    public const int Numbers = 32;
    private const int Largest = 9_999;

    public static Gen<Step> Any { get; } = Of(_ => true);

    /// <summary>What there must be before anything else hits.</summary>
    public static Gen<Step> First { get; } = Of(k => k.Name is "admit" or "rest" or "register" or "engage");

    public bool IsSimplest => Choices.All(c => c == 0);

    public Step Simplest => this with { Choices = [.. Choices.Select(_ => 0)] };

    public override string ToString() => $"{OperationKinds.All[Kind].Name} {string.Join(' ', Choices)}";

    private static Gen<Step> Of(Func<OperationKind, bool> which) =>
        from kind in Gen.Frequency(OperationKinds.All.Select((k, i) => (which(k) ? k.Weight : 0, Gen.Constant(i))))
        from choices in Gen.Choose(0, Largest).ArrayOf(Numbers)
        select new Step(kind, [.. choices]);
}

/// <summary>A sequence of steps.</summary>
public sealed record Steps(ImmutableArray<Step> Items)
{
    private const int Opening = 8;
    private const int Fewest = 40;
    private const int Most = 80;

    public static Arbitrary<Steps> Any { get; } = Arb.From(
        from opening in Step.First.ArrayOf(Opening)
        from length in Gen.Choose(Fewest - Opening, Most - Opening)
        from steps in Step.Any.ArrayOf(length)
        select new Steps([.. opening, .. steps]),
        Smaller);

    public override string ToString() => $"{Items.Length} steps";

    /// <summary>Without some steps, the longest stretches first; then with simpler ones.</summary>
    private static IEnumerable<Steps> Smaller(Steps steps)
    {
        for (var length = steps.Items.Length / 2; length > 0; length /= 2)
        {
            for (var end = steps.Items.Length; end >= length; end -= length)
            {
                yield return new(steps.Items.RemoveRange(end - length, length));
            }
        }

        for (var i = 0; i < steps.Items.Length; i++)
        {
            if (!steps.Items[i].IsSimplest)
            {
                yield return new(steps.Items.SetItem(i, steps.Items[i].Simplest));
            }
        }

        for (var i = 0; i < steps.Items.Length; i++)
        {
            var step = steps.Items[i];
            for (var c = 0; c < step.Choices.Length; c++)
            {
                if (step.Choices[c] != 0)
                {
                    yield return new(steps.Items.SetItem(i, step with { Choices = step.Choices.SetItem(c, 0) }));
                }
            }
        }
    }
}
