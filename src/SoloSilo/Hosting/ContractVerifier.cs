using System.Reflection;

namespace Orleans.Solo;

/// <summary>Finds in a grain contract what could not be called, or would let two grains share what changes.</summary>
internal static class ContractVerifier
{
    public static IEnumerable<string> ProblemsOf(Type contract)
    {
        if (!contract.IsInterface || !typeof(IGrain).IsAssignableFrom(contract))
        {
            return [$"{contract} is no grain contract: an interface that derives from IGrain is."];
        }

        if (contract.IsGenericType)
        {
            return [$"{contract} is generic. Declare one contract for each type instead."];
        }

        return ProxyEmitter.MethodsOf(contract).SelectMany(ProblemsOf);
    }

    private static IEnumerable<string> ProblemsOf(MethodInfo method)
    {
        var name = $"{method.DeclaringType}.{method.Name}";
        if (method.IsSpecialName)
        {
            yield return $"{name} belongs to a property or an event. Declare a method instead.";
            yield break;
        }

        if (method.IsGenericMethod)
        {
            yield return $"{name} is generic. Declare one method for each type instead.";
            yield break;
        }

        if (!IsTask(method.ReturnType))
        {
            yield return $"{name} returns {method.ReturnType}. Return Task, Task<T>, ValueTask or ValueTask<T>.";
        }
        else if (method.ReturnType.IsGenericType && Why(method.ReturnType.GetGenericArguments()[0], method.ReturnParameter) is { } result)
        {
            yield return $"{name} returns what can change: {result}. Return an immutable type, or mark what never changes [Immutable].";
        }

        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef)
            {
                yield return $"{name} takes {parameter.Name} by reference. Return it instead.";
            }
            else if (Why(parameter.ParameterType, parameter) is { } argument)
            {
                yield return $"{name} takes {parameter.Name}, which can change: {argument}. Take an immutable type, or mark what never changes [Immutable].";
            }
        }

        if (method.GetParameters().Count(parameter => parameter.ParameterType == typeof(CancellationToken)) > 1)
        {
            yield return $"{name} takes more than one CancellationToken. Take one.";
        }
    }

    private static bool IsTask(Type type) =>
        type == typeof(Task)
        || type == typeof(ValueTask)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)));

    private static string? Why(Type type, ParameterInfo parameter) =>
        parameter.IsDefined(typeof(ImmutableAttribute)) ? null : ImmutableTypes.WhyMutable(type);
}

/// <summary>The silo does not start, as its grains could not work.</summary>
/// <param name="problems">What is wrong, a sentence each.</param>
public sealed class ContractException(IReadOnlyCollection<string> problems)
    : Exception(string.Join(Environment.NewLine, problems.Prepend("The grain contracts or classes cannot be hosted:")))
{
    /// <summary>What is wrong, a sentence each.</summary>
    public IReadOnlyCollection<string> Problems { get; } = problems;
}
