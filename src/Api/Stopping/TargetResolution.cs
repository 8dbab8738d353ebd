using EmergencyStop.Access;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Stopping;

/// <summary>Finds out what a body means to stop. Pure.</summary>
internal static class TargetResolution
{
    /// <summary>The target, or notes on what is wrong.</summary>
    public static StopTarget? Resolve(ExecuteBody body, Caller caller, FieldErrors errors)
    {
        if (body.Scope is not { } scope)
        {
            errors.Add("scope", $"scope is missing. {Words<EmergencyStopScope>.Choices}");
            return null;
        }

        var parts = new Parts(body.UserId, body.StrategyId, body.Symbol);
        if (body.Target is { Length: > 0 } text && Read(scope, text, errors) is { } named)
        {
            parts = parts.MergedWith(named, errors);
        }

        return errors.Any ? null : Assemble(scope, parts, caller, errors);
    }

    /// <summary>A trader's stop of a symbol is one of the symbol in the own book; anybody else's is the symbol everywhere.</summary>
    public static StopTarget OfSymbol(Symbol symbol, Caller caller) =>
        caller is { Role: Role.Trader, User: { } own } ? StopTarget.Of(own, symbol) : StopTarget.Of(symbol);

    private static Parts? Read(EmergencyStopScope scope, string text, FieldErrors errors)
    {
        string? why;
        if (text.Contains(':', StringComparison.Ordinal) || scope is EmergencyStopScope.System or EmergencyStopScope.UserSymbol)
        {
            if (!StopTarget.TryParse(text, out var target, out why))
            {
                errors.Add("target", why);
                return null;
            }

            var fits = target.Scope == scope
                || (target.Scope == EmergencyStopScope.UserSymbol && scope is EmergencyStopScope.User or EmergencyStopScope.Symbol);
            errors.AddIf(!fits, "target", $"{target} is no target of scope {Words<EmergencyStopScope>.Of(scope)}.");
            return new(target.User, target.Strategy, target.Symbol);
        }

        var parts = default(Parts);
        var good = scope switch
        {
            EmergencyStopScope.User => Bare<UserId>(text, id => parts = new(id, null, null), out why),
            EmergencyStopScope.Strategy => Bare<StrategyId>(text, id => parts = new(null, id, null), out why),
            _ => Bare<Symbol>(text, id => parts = new(null, null, id), out why),
        };
        errors.AddIf(!good, "target", why ?? string.Empty);
        return good ? parts : null;
    }

    private static bool Bare<TId>(string text, Action<TId> take, out string? why)
        where TId : struct, IId<TId>
    {
        var good = TId.TryParse(text, out var id, out why);
        if (good)
        {
            take(id);
        }

        return good;
    }

    private static StopTarget? Assemble(EmergencyStopScope scope, Parts parts, Caller caller, FieldErrors errors)
    {
        var word = Words<EmergencyStopScope>.Of(scope);
        errors.AddIf(parts.Strategy is not null && scope != EmergencyStopScope.Strategy, "strategy_id", $"Scope {word} takes no strategy.");
        errors.AddIf(parts.User is not null && scope is EmergencyStopScope.Strategy or EmergencyStopScope.System, "user_id", $"Scope {word} takes no user.");
        errors.AddIf(parts.Symbol is not null && scope is EmergencyStopScope.Strategy or EmergencyStopScope.System, "symbol", $"Scope {word} takes no symbol.");
        if (errors.Any)
        {
            return null;
        }

        switch (scope, parts.User ?? UserFor(scope, caller), parts.Strategy, parts.Symbol)
        {
            case (EmergencyStopScope.System, _, _, _):
                return StopTarget.System;
            case (EmergencyStopScope.Strategy, _, { } strategy, _):
                return StopTarget.Of(strategy);
            case (EmergencyStopScope.User or EmergencyStopScope.UserSymbol or EmergencyStopScope.Symbol, { } user, _, { } symbol):
                return StopTarget.Of(user, symbol);
            case (EmergencyStopScope.User, { } user, _, null):
                return StopTarget.Of(user);
            case (EmergencyStopScope.Symbol, null, _, { } symbol):
                return OfSymbol(symbol, caller);
            default:
                AddMissing(scope, parts, errors);
                return null;
        }
    }

    /// <summary>A missing user is the caller, but a SYMBOL stop stays everybody's unless a user is named.</summary>
    private static UserId? UserFor(EmergencyStopScope scope, Caller caller) =>
        scope is EmergencyStopScope.User or EmergencyStopScope.UserSymbol ? caller.User : null;

    private static void AddMissing(EmergencyStopScope scope, Parts parts, FieldErrors errors)
    {
        var (field, why) = scope switch
        {
            EmergencyStopScope.Strategy => ("target", "target is missing: name the strategy here or in strategy_id."),
            EmergencyStopScope.Symbol => ("target", "target is missing: name the symbol here or in symbol."),
            EmergencyStopScope.UserSymbol when parts.Symbol is null => ("target", "target is missing: USER:id/SYMBOL:symbol, or user_id and symbol."),
            _ => ("user_id", "This key has no user of its own: name the book in user_id or target."),
        };
        errors.Add(field, why);
    }

    private readonly record struct Parts(UserId? User, StrategyId? Strategy, Symbol? Symbol)
    {
        public Parts MergedWith(Parts named, FieldErrors errors) => new(
            Same(User, named.User, "user_id", errors),
            Same(Strategy, named.Strategy, "strategy_id", errors),
            Same(Symbol, named.Symbol, "symbol", errors));

        private static T? Same<T>(T? one, T? other, string field, FieldErrors errors)
            where T : struct, IEquatable<T>
        {
            errors.AddIf(one is { } a && other is { } b && !a.Equals(b), field, $"{field} and target name different things.");
            return one ?? other;
        }
    }
}
