using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>One text for each value of the contract: two values are the same if their texts are.</summary>
/// <remarks>
/// What is <c>null</c>, <c>false</c> or empty is left out of a record. A cursor is opaque, so only that there is one is
/// said. The order of a latch's carve-outs and of a view's latches and pauses means nothing, so they are sorted.
/// </remarks>
internal static class ValueText
{
    private static readonly ConcurrentDictionary<Type, Member[]> MembersOf = new();

    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    /// <summary>A list as one line an item; anything else as one line.</summary>
    public static IEnumerable<string> Lines(object? value) => value is IEnumerable items and not string && !IsDefault(value)
        ? items.Cast<object?>().Select(Of)
        : [Of(value)];

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case string s: text.Append('"').Append(s).Append('"'); break;
            case bool flag: text.Append(flag ? "true" : "false"); break;
            case Enum word: text.Append(word); break;
            case decimal number: text.Append((number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)); break;
            case DateTimeOffset at: WriteTime(text, at); break;
            case TimeSpan span: text.Append(span.ToString("c", CultureInfo.InvariantCulture)); break;
            case Exception trouble: text.Append("throws ").Append(trouble.GetType().Name); break;
            case GateView view: WriteView(text, view); break;
            case IEnumerable items: WriteItems(text, items); break;
            case IFormattable formattable and not ValueType: text.Append(formattable); break;
            default: WriteObject(text, value); break;
        }
    }

    private static void WriteTime(StringBuilder text, DateTimeOffset at)
    {
        text.Append(at.ToString("MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture));
        if (at.Offset != TimeSpan.Zero)
        {
            text.Append(at.ToString("zzz", CultureInfo.InvariantCulture));
        }
    }

    private static void WriteItems(StringBuilder text, IEnumerable items)
    {
        text.Append('[');
        if (!IsDefault(items))
        {
            var any = false;
            foreach (var item in items)
            {
                text.Append(any ? ", " : string.Empty);
                Write(text, item);
                any = true;
            }
        }

        text.Append(']');
    }

    private static void WriteView(StringBuilder text, GateView view)
    {
        text.Append("Gate at ").Append(view.Number).Append(": ");
        Write(text, view.Latches.OrderBy(l => l.Number).ThenBy(l => l.Target.Value, StringComparer.Ordinal));
        text.Append(' ');
        Write(text, view.Pauses.OrderBy(p => p.Strategy.Value, StringComparer.Ordinal).ThenBy(p => p.Target.Value, StringComparer.Ordinal));
    }

    private static void WriteObject(StringBuilder text, object value)
    {
        value = value is Latch { Except.IsDefaultOrEmpty: false } latch
            ? latch with { Except = [.. latch.Except.OrderBy(t => t.Value, StringComparer.Ordinal)] }
            : value;
        var type = value.GetType();
        var members = MembersOf.GetOrAdd(type, Members);
        if (members.Length == 0)
        {
            text.Append(value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : value.ToString());
            return;
        }

        text.Append(type.Name.Split('`')[0]).Append('{');
        var any = false;
        foreach (var member in members)
        {
            var part = member.Get(value);
            if (part is null or false or "" || (part is ICollection items && (IsDefault(items) || items.Count == 0)))
            {
                continue;
            }

            text.Append(any ? " " : string.Empty).Append(member.Name).Append('=');
            Write(text, member.Name == "NextCursor" ? "more" : part);
            any = true;
        }

        text.Append('}');
    }

    /// <summary>What a record was made of; nothing for ids and numbers, which are their own text.</summary>
    private static Member[] Members(Type type)
    {
        var isText = type.IsPrimitive || type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IId<>));
        if (isText)
        {
            return [];
        }

        return type.FullName?.StartsWith("System.ValueTuple", StringComparison.Ordinal) == true
            ? [.. type.GetFields().Select(f => new Member(f.Name, f.GetValue))]
            : [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite || IsKeyOrValue(p)).Select(p => new Member(p.Name, p.GetValue))];
    }

    private static bool IsKeyOrValue(PropertyInfo property) =>
        property.DeclaringType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    private static bool IsDefault(object value) =>
        value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
        && type.GetProperty(nameof(ImmutableArray<>.IsDefault))?.GetValue(value) is true;

    private sealed record Member(string Name, Func<object, object?> Get);
}
