using System.Collections.Immutable;
using System.Reflection;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Conformance.Tests.Contracts;

/// <summary>Makes a value of every type that crosses a call, each part another value than its default.</summary>
internal sealed class Samples
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    private int _made;

    /// <summary>Every record and struct that an assembly's grain contracts carry, cases of abstract ones included.</summary>
    public static IEnumerable<Type> MessagesOf(Assembly assembly) => assembly.GetTypes()
        .Where(t => t.IsDefined(typeof(Orleans.GenerateSerializerAttribute), inherit: false) && t is { IsAbstract: false, IsEnum: false } && !t.IsAssignableTo(typeof(Exception)));

    /// <summary>A value of this type.</summary>
    public object Of(Type type)
    {
        _made++;
        return Nullable.GetUnderlyingType(type) is { } inner ? Of(inner)
            : type == typeof(StopTarget) ? StopTarget.Of(UserId.Parse($"u{_made}"), Symbol.Parse("BTC-USD"))
            : type == typeof(Symbol) ? Symbol.Parse("BRK.B")
            : type == typeof(string) ? $"text {_made}"
            : type == typeof(bool) ? true
            : type == typeof(decimal) ? _made + 0.000_000_01m
            : type == typeof(TimeSpan) ? TimeSpan.FromTicks(_made)
            : type == typeof(DateTimeOffset) ? Start.AddTicks(_made)
            : type.IsPrimitive ? Convert.ChangeType(_made, type, provider: null)
            : type.IsEnum ? Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)! // it has members
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? Several(type.GetGenericArguments()[0])
            : type.GetMethod("Parse", [typeof(string)]) is { } parse ? parse.Invoke(null, [$"id-{_made}"])! // ids are structs
            : type.IsAbstract ? Of(type.GetNestedTypes().First(n => n.BaseType == type))
            : Built(type);
    }

    private object Several(Type element)
    {
        var items = Array.CreateInstance(element, 2);
        items.SetValue(Of(element), 0);
        items.SetValue(Of(element), 1);
        return Activator.CreateInstance(
            typeof(ImmutableArray<>).MakeGenericType(element), BindingFlags.Instance | BindingFlags.NonPublic, null, [items], null)!; // a struct
    }

    private object Built(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType))]);
    }
}
