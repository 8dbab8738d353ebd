using EmergencyStop.Ledger;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>A call that is about to be made on both ledgers.</summary>
/// <param name="Method">The method of the contract.</param>
/// <param name="Text">The call in words.</param>
/// <param name="Ask">Makes it.</param>
internal sealed record Operation(string Method, string Text, Func<ILedger, Task<object?>> Ask)
{
    /// <summary>What the coverage calls it, where one method does several things.</summary>
    public string Name { get; init; } = Method;

    /// <summary>Whether both ledgers are closed and opened again before it.</summary>
    public bool Reopens { get; init; }

    /// <summary>What else is to be counted of it: what it met.</summary>
    public IReadOnlyList<string> Met { get; init; } = [];

    /// <summary>The kind of its answer, where the answer alone does not tell; <c>null</c> leaves it.</summary>
    public Func<object?, string?> Kind { get; init; } = static _ => null;

    public static Operation Of<T>(string method, Func<ILedger, Task<T>> ask, params ReadOnlySpan<object?> arguments) =>
        new(method, $"{method}({string.Join(", ", arguments.ToArray().Select(ValueText.Of))})", async ledger => await ask(ledger));

    public static Operation Of(string method, Func<ILedger, Task> ask, params ReadOnlySpan<object?> arguments) =>
        Of<object?>(
            method,
            async ledger =>
            {
                await ask(ledger);
                return null;
            },
            arguments);
}
