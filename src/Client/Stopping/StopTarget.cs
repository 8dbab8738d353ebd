namespace EmergencyStop.Client;

/// <summary>What a stop is aimed at.</summary>
/// <remarks>The ids are checked by the service; symbols may be spelt in any way that it knows (<c>btc/usd</c>, <c>BTC-USD</c>).</remarks>
public sealed record StopTarget
{
    private StopTarget(EmergencyStopScope scope) => Scope = scope;

    /// <summary>Everything; a risk officer's.</summary>
    public static StopTarget System { get; } = new(EmergencyStopScope.System);

    /// <summary>The book of the key's own user.</summary>
    public static StopTarget OwnBook { get; } = new(EmergencyStopScope.User);

    /// <summary>The kind of target.</summary>
    public EmergencyStopScope Scope { get; }

    /// <summary>The user, if one is named.</summary>
    public string? UserId { get; private init; }

    /// <summary>The strategy, for <c>STRATEGY</c>.</summary>
    public string? StrategyId { get; private init; }

    /// <summary>The symbol, for <c>SYMBOL</c> and <c>USER/SYMBOL</c>.</summary>
    public string? Symbol { get; private init; }

    /// <summary>One user's book.</summary>
    public static StopTarget OfUser(string userId) => new(EmergencyStopScope.User) { UserId = Named(userId, nameof(userId)) };

    /// <summary>One strategy.</summary>
    public static StopTarget OfStrategy(string strategyId) =>
        new(EmergencyStopScope.Strategy) { StrategyId = Named(strategyId, nameof(strategyId)) };

    /// <summary>One symbol everywhere; with a trader's key, in that trader's own book.</summary>
    public static StopTarget OfSymbol(string symbol) => new(EmergencyStopScope.Symbol) { Symbol = Named(symbol, nameof(symbol)) };

    /// <summary>One symbol in one user's book.</summary>
    public static StopTarget OfUserSymbol(string userId, string symbol) => new(EmergencyStopScope.UserSymbol)
    {
        UserId = Named(userId, nameof(userId)),
        Symbol = Named(symbol, nameof(symbol)),
    };

    /// <inheritdoc/>
    public override string ToString() => Scope switch
    {
        EmergencyStopScope.System => "SYSTEM",
        EmergencyStopScope.Strategy => $"STRATEGY:{StrategyId}",
        EmergencyStopScope.Symbol => $"SYMBOL:{Symbol}",
        EmergencyStopScope.UserSymbol => $"USER:{UserId}/SYMBOL:{Symbol}",
        _ => UserId is null ? "the own book" : $"USER:{UserId}",
    };

    private static string Named(string id, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id, name);
        return id;
    }
}
