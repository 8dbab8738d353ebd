using System.Collections.Immutable;

namespace Orleans.Runtime;

/// <summary>Values that travel with a call into the grain it calls, and on from there; never back to the caller.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<ImmutableDictionary<string, object>?> Local = new();

    /// <summary>The keys that are set.</summary>
    public static IEnumerable<string> Keys => Local.Value?.Keys ?? [];

    /// <summary>The keys and values that are set.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries => Local.Value ?? [];

    internal static ImmutableDictionary<string, object>? Current
    {
        get => Local.Value;
        set => Local.Value = value;
    }

    /// <summary>The value under <paramref name="key"/>, or null.</summary>
    public static object? Get(string key) => Local.Value?.GetValueOrDefault(key);

    /// <summary>Sets a value for this flow of control and the calls it makes.</summary>
    /// <exception cref="NotSupportedException">The value could change while several grains hold it.</exception>
    public static void Set(string key, object value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (Solo.ImmutableTypes.WhyMutable(value.GetType()) is { } why)
        {
            throw new NotSupportedException($"Messages share nothing that changes, and {why}. Set an immutable value.");
        }

        Local.Value = (Local.Value ?? ImmutableDictionary<string, object>.Empty).SetItem(key, value);
    }

    /// <summary>Removes a value; false if there was none.</summary>
    public static bool Remove(string key)
    {
        if (Local.Value is not { } values || !values.ContainsKey(key))
        {
            return false;
        }

        Local.Value = values.Count == 1 ? null : values.Remove(key);
        return true;
    }

    /// <summary>Removes all values.</summary>
    public static void Clear()
    {
        if (Local.Value is not null)
        {
            Local.Value = null;
        }
    }
}
