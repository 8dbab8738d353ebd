using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using Orleans;

namespace EmergencyStop.Stopping;

/// <summary>A scope with its id: what one stop holds closed.</summary>
/// <remarks>Text forms: <c>USER:alice</c>, <c>STRATEGY:s1</c>, <c>SYMBOL:BTC-USD</c>, <c>SYSTEM</c>, <c>USER:alice/SYMBOL:BTC-USD</c>.</remarks>
[GenerateSerializer, Immutable, Alias("stop-target")]
[JsonConverter(typeof(IdJsonConverter<StopTarget>))]
public readonly record struct StopTarget : IId<StopTarget>
{
    private StopTarget(EmergencyStopScope scope, UserId? user, StrategyId? strategy, Symbol? symbol, string value) =>
        (Scope, User, Strategy, Symbol, Value) = (scope, user, strategy, symbol, value);

    /// <summary>Everything.</summary>
    public static StopTarget System { get; } = new(EmergencyStopScope.System, null, null, null, "SYSTEM");

    /// <summary>The kind of target.</summary>
    [Id(0)]
    public EmergencyStopScope Scope { get; }

    /// <summary>The user, for USER and USER/SYMBOL.</summary>
    [Id(1)]
    public UserId? User { get; }

    /// <summary>The strategy, for STRATEGY.</summary>
    [Id(2)]
    public StrategyId? Strategy { get; }

    /// <summary>The symbol, for SYMBOL and USER/SYMBOL.</summary>
    [Id(3)]
    public Symbol? Symbol { get; }

    /// <summary>The text form; also the coordinator grain's key.</summary>
    [Id(4)]
    public string Value { get; }

    /// <summary>One user's book.</summary>
    public static StopTarget Of(UserId user) => new(EmergencyStopScope.User, user, null, null, $"USER:{user.Value}");

    /// <summary>One strategy.</summary>
    public static StopTarget Of(StrategyId strategy) =>
        new(EmergencyStopScope.Strategy, null, strategy, null, $"STRATEGY:{strategy.Value}");

    /// <summary>One symbol.</summary>
    public static StopTarget Of(Symbol symbol) => new(EmergencyStopScope.Symbol, null, null, symbol, $"SYMBOL:{symbol.Value}");

    /// <summary>One symbol in one user's book.</summary>
    public static StopTarget Of(UserId user, Symbol symbol) =>
        new(EmergencyStopScope.UserSymbol, user, null, symbol, $"USER:{user.Value}/SYMBOL:{symbol.Value}");

    /// <summary>Every target that an order with these terms belongs to: a latch on any of them refuses it.</summary>
    public static ImmutableArray<StopTarget> AllOf(OrderTerms terms) => terms.Strategy is { } strategy
        ? [System, Of(terms.User), Of(strategy), Of(terms.Symbol), Of(terms.User, terms.Symbol)]
        : [System, Of(terms.User), Of(terms.Symbol), Of(terms.User, terms.Symbol)];

    /// <summary>Whether an order with these terms is in scope.</summary>
    public bool Covers(OrderTerms terms) => Scope switch
    {
        EmergencyStopScope.System => true,
        EmergencyStopScope.User => terms.User == User,
        EmergencyStopScope.Strategy => terms.Strategy == Strategy,
        EmergencyStopScope.Symbol => terms.Symbol == Symbol,
        EmergencyStopScope.UserSymbol => terms.User == User && terms.Symbol == Symbol,
        _ => throw new InvalidOperationException($"Scope {Scope} is not known."),
    };

    /// <inheritdoc/>
    public static bool TryParse(string? text, out StopTarget id, [NotNullWhen(false)] out string? why)
    {
        id = default;
        why = null;
        var parts = (text ?? string.Empty).Split('/', 2);
        if (text == "SYSTEM")
        {
            id = System;
        }
        else if (parts is [var u, var s] && Tail(u, "USER:") is { } bookUser && Tail(s, "SYMBOL:") is { } bookSymbol)
        {
            if (UserId.TryParse(bookUser, out var user, out why) && Ids.Symbol.TryParse(bookSymbol, out var symbol, out why))
            {
                id = Of(user, symbol);
            }
        }
        else if (Tail(text, "USER:") is { } userText)
        {
            id = UserId.TryParse(userText, out var user, out why) ? Of(user) : default;
        }
        else if (Tail(text, "STRATEGY:") is { } strategyText)
        {
            id = StrategyId.TryParse(strategyText, out var strategy, out why) ? Of(strategy) : default;
        }
        else if (Tail(text, "SYMBOL:") is { } symbolText)
        {
            id = Ids.Symbol.TryParse(symbolText, out var symbol, out why) ? Of(symbol) : default;
        }
        else
        {
            why = "A target is USER:id, STRATEGY:id, SYMBOL:symbol, USER:id/SYMBOL:symbol or SYSTEM.";
        }

        return why is null;
    }

    /// <summary>Reads a target.</summary>
    /// <exception cref="ArgumentException">The text is no target.</exception>
    public static StopTarget Parse(string? text) =>
        TryParse(text, out var id, out var why) ? id : throw new ArgumentException(why, nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Value ?? string.Empty;

    private static string? Tail(string? text, string prefix) =>
        text is not null && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;
}
