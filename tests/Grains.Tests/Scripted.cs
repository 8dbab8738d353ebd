using System.Reflection;

namespace EmergencyStop.Grains.Tests;

/// <summary>Anything that a test needs to answer each call as it says.</summary>
public class Scripted : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answers = null!; // Set by Of.

    public static T Of<T>(Func<MethodInfo, object?[], object?> answers)
        where T : class
    {
        var scripted = Create<T, Scripted>();
        ((Scripted)(object)scripted)._answers = answers;
        return scripted;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        return _answers(targetMethod, args ?? []);
    }
}
