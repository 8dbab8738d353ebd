using System.Globalization;

namespace EmergencyStop.Client.Wire;

/// <summary>Writes query strings. Pure.</summary>
internal static class QueryText
{
    /// <summary>The path with the fields that have a value.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        var text = new List<string>();
        foreach (var (name, value) in fields)
        {
            if (Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } word)
            {
                text.Add($"{name}={Uri.EscapeDataString(word)}");
            }
        }

        return text.Count == 0 ? path : $"{path}?{string.Join('&', text)}";
    }
}
